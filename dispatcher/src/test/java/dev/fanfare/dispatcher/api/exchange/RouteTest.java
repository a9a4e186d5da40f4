package dev.fanfare.dispatcher.api.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTest {
  private final Route route =
      new Route("GET", "/v1/things/{id}/part", Access.OWNERS, _ -> Answer.noContent());

  @ParameterizedTest
  @CsvSource({
    "/v1/things/a/part, a",
    "/v1/things/a%20b%2Fc/part, a b/c",
    "/v1/things/a+b/part, a+b",
    "/v1/things/%E2%82%AC/part, €"
  })
  void takesWhatIsItsOwn(String path, String id) {
    assertThat(route.match(path)).contains(Map.of("id", id));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/things/a",
        "/v1/things//part",
        "/v1/things/a/part/",
        "/v1/things/a/b/part",
        "v1/things/a/part",
        "/V1/things/a/part",
        ""
      })
  void leavesTheRest(String path) {
    assertThat(route.match(path)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"%", "%zz", "%1"})
  void refusesABrokenEscape(String id) {
    assertThatThrownBy(() -> route.match("/v1/things/" + id + "/part"))
        .isInstanceOfSatisfying(
            ApiProblem.class, e -> assertThat(e.problem().status()).isEqualTo(400));
  }

  @Test
  void cursorsAreReadBackAndNothingElse() {
    assertThat(Cursor.read(Cursor.after("0001:sub_ü"))).isEqualTo("0001:sub_ü");
    assertThatThrownBy(() -> Cursor.read("no cursor!")).isInstanceOf(ApiProblem.class);
    assertThatThrownBy(() -> Cursor.read("A".repeat(600))).isInstanceOf(ApiProblem.class);
  }
}

package dev.fanfare.dispatcher.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.dispatcher.access.Caller;
import dev.fanfare.dispatcher.access.Keys;
import dev.fanfare.dispatcher.api.exchange.Access;
import dev.fanfare.dispatcher.api.exchange.Answer;
import dev.fanfare.dispatcher.api.exchange.ApiProblem;
import dev.fanfare.dispatcher.api.exchange.Call;
import dev.fanfare.dispatcher.api.exchange.Route;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoutesTest {
  private static final Optional<String> KEY = Optional.of("a-key-of-some-length");

  private static final RateLimits NONE = new RateLimits(0, 0, 0);

  private final AtomicLong nanos = new AtomicLong();
  private final Routes routes =
      new Routes(
          List.of(
              new Route("GET", "/a/{id}", Access.OWNERS, _ -> Answer.noContent()),
              new Route("DELETE", "/a/{id}", Access.OWNERS, _ -> Answer.noContent()),
              new Route("POST", "/a", Access.OPEN, _ -> Answer.noContent())));

  @Test
  void findsByMethodAndPath() {
    assertThat(routes.find("DELETE", "/a/1").variables()).containsEntry("id", "1");
    assertThat(routes.find("HEAD", "/a/1").route().method()).isEqualTo("GET");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /, 404, ",
    "GET, /b, 404, ",
    "PUT, /a/1, 405, 'DELETE, GET, HEAD'",
    "GET, /a, 405, POST",
    "HEAD, /a, 405, POST",
    "get, /a/1, 405, 'DELETE, GET, HEAD'"
  })
  void saysWhatIsWrong(String method, String path, int status, String allow) {
    assertThatThrownBy(() -> routes.find(method, path))
        .isInstanceOfSatisfying(
            ApiProblem.class,
            e -> {
              assertThat(e.problem().status()).isEqualTo(status);
              assertThat(e.problem().headers().get("Allow")).isEqualTo(allow);
            });
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "Bearer a-key-of-some-length, 200",
        "bearer   a-key-of-some-length, 200",
        "-, 401",
        "'', 401",
        "Bearer, 401",
        "'Bearer ', 401",
        "Bearer a-key-of-some-lengt, 401",
        "Bearer a-key-of-some-length2, 401",
        "Basic a-key-of-some-length, 401",
        "a-key-of-some-length, 401",
        "'Bearer a-key-of-some-length, Bearer a-key-of-some-length', 401"
      })
  void letsInWhoHasTheKey(String header, int status) {
    var gate = gate(KEY, false, NONE);
    Map<String, String> headers = header == null ? Map.of() : Map.of("authorization", header);

    assertThat(checked(gate, Access.OWNERS, headers)).isEqualTo(status);
    assertThat(checked(gate, Access.OPEN, headers)).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "localhost:8080, 200",
    "127.0.0.1, 200",
    "[::1]:8080, 200",
    "evil.example, 403",
    "127.0.0.1.evil.example:8080, 403",
    "'', 403"
  })
  void anOpenApiAnswersToThisMachinesOwnNamesOnly(String host, int status) {
    var gate = gate(Optional.empty(), true, NONE);

    assertThat(checked(gate, Access.OWNERS, Map.of("host", host))).isEqualTo(status);
  }

  @Test
  void aGateWithoutAKeyLetsNobodyIn() {
    var gate = gate(Optional.empty(), false, NONE);

    assertThat(checked(gate, Access.OWNERS, Map.of("authorization", "Bearer "))).isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "10.0.0.1", "fanfare.example", "127.0.0.1.example"})
  void canNotBeOpenToOthers(String host) {
    assertThatThrownBy(() ->
            new ApiSettings(
                host,
                0,
                new AccessSettings(Optional.empty(), true, true, NONE),
                new BodyLimits(2, 1, 1, 2, 2),
                Duration.ofHours(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no loopback address");
  }

  @Test
  void whoAsksTooOftenIsToldToWait() {
    var gate = gate(KEY, false, new RateLimits(3, 2, 0));
    var client = InetAddress.getLoopbackAddress();
    Map<String, String> key = Map.of("authorization", "Bearer a-key-of-some-length");

    for (int i = 0; i < 4; i++) {
      assertThat(checked(gate, Access.OWNERS, key)).isEqualTo(200);
    }
    assertThat(checked(gate, Access.OWNERS, key)).isEqualTo(429);
    for (int i = 0; i < 6; i++) {
      gate.checkRate(client);
    }
    assertThatThrownBy(() -> gate.checkRate(client))
        .isInstanceOfSatisfying(
            ApiProblem.class, e -> assertThat(e.problem().status()).isEqualTo(429));
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    gate.checkRate(client);
    assertThat(checked(gate, Access.OWNERS, key)).isEqualTo(200);
  }

  private Gate gate(Optional<String> key, boolean open, RateLimits limits) {
    return new Gate(
        new AccessSettings(key, open, true, limits), new Keys(), () -> Instant.EPOCH, nanos::get);
  }

  private static int checked(Gate gate, Access access, Map<String, String> headers) {
    try {
      var _ =
          gate.admit(
              access,
              new Call("GET", "/", Map.of(), Map.of(), headers, () -> new byte[0], Caller.ANYBODY));
      return 200;
    } catch (ApiProblem e) {
      return e.problem().status();
    }
  }
}

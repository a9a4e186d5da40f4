package dev.fanfare.dispatcher.api.exchange;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;

class JsonTest {
  static final List<Arguments> MALFORMED =
      List.of(
          Arguments.of("", "no content"),
          Arguments.of("   ", "no content"),
          Arguments.of("{", "ends too early"),
          Arguments.of("[1,", "ends too early"),
          Arguments.of("{\"a\":1,\"a\":2}", "given twice"),
          Arguments.of("[{\"b\":{\"a\":1,\"a\":2}}]", "given twice"),
          Arguments.of("{} {}", "something follows"),
          Arguments.of("[] x", "not JSON"),
          Arguments.of("{'a':1}", "line 1, column"),
          Arguments.of("nul", "not JSON"),
          Arguments.of("NaN", "not JSON"),
          Arguments.of("\"" + "\u0001" + "\"", "not JSON"),
          Arguments.of("[".repeat(65) + "]".repeat(65), "nested deeper than 64"),
          Arguments.of("{\"a\":".repeat(70) + "1" + "}".repeat(70), "nested deeper than 64"),
          Arguments.of("9".repeat(200), "not JSON"),
          Arguments.of("{\"" + "n".repeat(2_000) + "\":1}", "not JSON"));

  @ParameterizedTest
  @FieldSource("MALFORMED")
  void refusesWhatIsNotOneJsonText(String text, String told) {
    assertThatThrownBy(() -> Json.read(text.getBytes(UTF_8)))
        .isInstanceOfSatisfying(
            ApiProblem.class,
            e -> {
              assertThat(e.problem().status()).isEqualTo(400);
              assertThat(e.problem().detail()).contains(told);
            });
  }

  static final List<Charset> FOREIGN = List.of(ISO_8859_1, UTF_16);

  @ParameterizedTest
  @FieldSource("FOREIGN")
  void refusesWhatIsNotUtf8(Charset charset) {
    assertThatThrownBy(() -> Json.read("{\"a\":\"ä\"}".getBytes(charset)))
        .isInstanceOf(ApiProblem.class);
  }

  @Test
  void repeatsNothingOfWhatItWasSent() {
    assertThatThrownBy(() -> Json.read("{\"password\":hunter2}".getBytes(UTF_8)))
        .satisfies(e -> assertThat(((ApiProblem) e).problem().detail()).doesNotContain("hunter2"));
  }

  @Test
  void tellsWhichElementsAreTooLong() {
    var tooLong = new ArrayList<Integer>();
    var text = "[ {\"a\":1}, {\"a\":\"ääääääääää\"} ,7, {\"a\":\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"}]";

    var json = Json.readEach(text.getBytes(UTF_8), 20, tooLong::add);

    assertThat(json).hasSize(4);
    assertThat(tooLong).containsExactly(1, 3);
  }

  @Test
  void measuresASingleValueByTheWhole() {
    var tooLong = new ArrayList<Integer>();

    var _ = Json.readEach("{\"a\":\"0123456789\"}".getBytes(UTF_8), 10, tooLong::add);

    assertThat(tooLong).containsExactly(0);
  }
}

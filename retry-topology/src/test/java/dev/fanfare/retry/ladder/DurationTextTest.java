package dev.fanfare.retry.ladder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {
  @ParameterizedTest
  @CsvSource({
    "0s, PT0S",
    "250ms, PT0.25S",
    "5s, PT5S",
    "90s, PT1M30S",
    "2m, PT2M",
    "1h, PT1H",
    "24h, PT24H"
  })
  void readsWhatItWrites(String text, Duration duration) {
    assertThat(DurationText.parse(text)).isEqualTo(duration);
    assertThat(DurationText.format(duration)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"7d, 168h", "60s, 1m", "1000ms, 1s", "3600s, 1h", "999999999d, 23999999976h"})
  void readsMoreThanItWrites(String text, String canonical) {
    assertThat(DurationText.format(DurationText.parse(text))).isEqualTo(canonical);
  }

  @Test
  void anyWholeNumberOfMillisecondsComesBack() {
    var dice = new Random(7);
    for (int i = 0; i < 10_000; i++) {
      var duration = Duration.ofMillis(dice.nextLong(999_999_999));
      assertThat(DurationText.parse(DurationText.format(duration))).isEqualTo(duration);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "5",
        "s",
        "5 s",
        " 5s",
        "-5s",
        "+5s",
        "1.5h",
        "5S",
        "1h30m",
        "1234567890s",
        "٥s",
        "5s\n"
      })
  void refusesAnythingElseAndSaysWhatItWants(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DurationText.parse(text))
        .withMessageContaining("such as 5s");
  }

  @Test
  void aHostileTextIsShownShortAndWithoutControlCharacters() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DurationText.parse("\u001b[2J" + "x".repeat(10_000)))
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(150).doesNotContain("\u001b"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT-1S", "PT0.0001S", "PT1.000000001S"})
  void writesNothingThatItCouldNotReadBack(Duration duration) {
    assertThatIllegalArgumentException().isThrownBy(() -> DurationText.format(duration));
  }
}

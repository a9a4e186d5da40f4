package dev.fanfare.retry.ladder;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetentionGuardTest {
  private static final long HOURS_48 = Duration.ofDays(2).toMillis();

  @ParameterizedTest
  @CsvSource({"5s, 5000", "7h, 25200000"})
  void needsTheDelayAndTwoDays(String label, long delayMs) {
    var guard = RetentionGuard.DEFAULT;
    var rung = Rung.of(label);
    assertThat(guard.mismatch(rung, HOURS_48 + delayMs)).isEmpty();
    assertThat(guard.mismatch(rung, -1)).isEmpty();
    assertThat(guard.mismatch(rung, Long.MAX_VALUE)).isEmpty();
    assertThat(guard.mismatch(rung, HOURS_48 + delayMs - 1))
        .hasValueSatisfying(text ->
            assertThat(text).contains(label, "retention.ms", Long.toString(HOURS_48 + delayMs)));
    assertThat(guard.mismatch(rung, 0)).isPresent();
    assertThat(guard.mismatch(rung, -2)).isPresent();
  }
}

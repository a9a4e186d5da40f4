package dev.fanfare.retry.ladder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetryScheduleTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  @Test
  void waitsAfterEachAttemptAndEndsAfterTheLast() {
    var schedule = new RetrySchedule(List.of(Duration.ofSeconds(1), Duration.ofSeconds(3)));
    assertThat(schedule.next(1, NOW)).contains(NOW.plusSeconds(1));
    assertThat(schedule.next(2, NOW)).contains(NOW.plusSeconds(3));
    assertThat(schedule.next(3, NOW)).isEmpty();
    assertThat(schedule.next(Integer.MAX_VALUE, NOW)).isEmpty();
  }

  @Test
  void refusesNoWaitAndAWaitOfNothing() {
    assertThatIllegalArgumentException().isThrownBy(() -> new RetrySchedule(List.of()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RetrySchedule(List.of(Duration.ZERO)));
  }
}

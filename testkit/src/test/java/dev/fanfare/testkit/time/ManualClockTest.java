package dev.fanfare.testkit.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class ManualClockTest {
  @Test
  void standsStillUntilItIsMoved() {
    var clock = ManualClock.atStart();

    assertThat(clock.instant()).isEqualTo(ManualClock.START);
    assertThat(clock.advance(Duration.ofSeconds(5))).isEqualTo("2026-01-01T00:00:05Z");
    assertThat(clock.instant()).isEqualTo("2026-01-01T00:00:05Z");
  }

  @Test
  void goesBackWhenSet() {
    var clock = ManualClock.atStart();

    clock.set(Instant.EPOCH);

    assertThat(clock.millis()).isZero();
  }

  @Test
  void movesTheSameTimeInEveryZone() {
    var clock = ManualClock.atStart();
    var elsewhere = clock.withZone(ZoneId.of("Asia/Tokyo"));

    clock.advance(Duration.ofDays(1));

    assertThat(elsewhere.instant()).isEqualTo(clock.instant());
    assertThat(elsewhere.getZone()).isEqualTo(ZoneId.of("Asia/Tokyo"));
  }
}

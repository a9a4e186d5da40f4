package dev.fanfare.retry.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.retry.relay.RungGate.Forward;
import dev.fanfare.retry.relay.RungGate.WaitUntil;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RungGateTest {
  private static final Instant T = Instant.parse("2026-03-01T12:00:00Z");

  /// Milliseconds after `T`, on a rung of 5 s.
  @ParameterizedTest
  @CsvSource({
    // appended, due, now, opens
    "0,  5000,  4999, 5000",
    "0,  5000,  5000, 5000",
    "10, 5000,  5000, 5000", // appended late: due comes before the delay is over
    "0,  300,   299,  300",
    "0,  300,   300,  300",
    "0,  60000, 4999, 5000", // waits on: the delay comes before due
    "0,  60000, 5000, 5000",
    "0,  -1000, 0,    -1000", // overdue when it was written
    "0,  ,      4999, 5000", // no due time: the delay
    "0,  ,      5000, 5000",
  })
  void opensWhenTheDelayIsOverOrTheDeliveryDueAndNeverBefore(
      long appended, Long due, long now, long opens) {
    var stay = new Stay(at(appended), Optional.ofNullable(due).map(RungGateTest::at));
    assertThat(RungGate.opensFor(stay, Duration.ofSeconds(5))).isEqualTo(at(opens));
    assertThat(RungGate.at(stay, Duration.ofSeconds(5), at(now)))
        .isEqualTo(now >= opens ? new Forward() : new WaitUntil(at(opens)));
  }

  private static Instant at(long millis) {
    return T.plusMillis(millis);
  }
}

package dev.fanfare.dispatcher.delivery.lane;

import java.time.Duration;

/// How lanes behave.
///
/// @param concurrency most attempts in flight for one endpoint unless its subscription says
///   otherwise
/// @param patience longest that a delivery may wait in memory; what would wait longer is shed to a
///   rung
/// @param queue most deliveries that wait in one lane before its speed is known
/// @param giveUpAfter an endpoint that has done nothing but fail for so long is disabled
public record LaneSettings(
    int concurrency, Duration patience, int queue, Breaker.Policy breaker, Duration giveUpAfter) {
  public static final LaneSettings DEFAULT =
      new LaneSettings(
          64, Duration.ofSeconds(10), 10_000, Breaker.Policy.DEFAULT, Duration.ofDays(5));

  public LaneSettings {
    if (concurrency < 1 || concurrency > 10_000) {
      throw new IllegalArgumentException("concurrency must be 1 to 10000: " + concurrency);
    }
    if (!patience.isPositive()) {
      throw new IllegalArgumentException("patience must be positive: " + patience);
    }
    if (queue < 1) {
      throw new IllegalArgumentException("queue must be positive: " + queue);
    }
    if (!giveUpAfter.isPositive()) {
      throw new IllegalArgumentException("disable_after must be positive: " + giveUpAfter);
    }
  }
}

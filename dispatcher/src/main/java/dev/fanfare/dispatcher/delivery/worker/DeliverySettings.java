package dev.fanfare.dispatcher.delivery.worker;

import dev.fanfare.dispatcher.delivery.lane.LaneSettings;
import dev.fanfare.retry.ladder.RetrySchedule;
import java.time.Duration;

/// How a worker delivers.
///
/// @param workers independent workers in this process
/// @param memoryBytes that one worker may use for deliveries and for calls in flight; beyond it
///   partitions are paused and calls wait for their turn
/// @param settleEvery least time between two transactions; the outcomes of that time share one
/// @param drain longest that a shutdown or a rebalance waits for attempts in flight before it
///   cancels them
/// @param timeout of a whole call, unless the subscription has its own
/// @param schedule waits between attempts, unless the subscription has its own
public record DeliverySettings(
    int workers,
    long memoryBytes,
    Duration settleEvery,
    Duration drain,
    Duration timeout,
    RetrySchedule schedule,
    LaneSettings lane) {
  public static final DeliverySettings DEFAULT =
      new DeliverySettings(
          1,
          128L << 20,
          Duration.ofMillis(25),
          Duration.ofSeconds(20),
          Duration.ofSeconds(15),
          RetrySchedule.DEFAULT,
          LaneSettings.DEFAULT);

  private static final long LEAST_MEMORY = 1 << 20;

  /// @throws IllegalArgumentException naming the setting that is out of bounds
  public DeliverySettings {
    if (workers < 1 || workers > 64) {
      throw new IllegalArgumentException("workers must be 1 to 64: " + workers);
    }
    if (memoryBytes < LEAST_MEMORY) {
      throw new IllegalArgumentException("memory must be at least 1 MiB: " + memoryBytes);
    }
    if (settleEvery.isNegative() || settleEvery.compareTo(Duration.ofSeconds(5)) > 0) {
      throw new IllegalArgumentException("settle_every must be 0 to 5s: " + settleEvery);
    }
    if (!drain.isPositive() || drain.compareTo(Duration.ofMinutes(2)) > 0) {
      throw new IllegalArgumentException("drain must be above 0 and at most 2m: " + drain);
    }
    if (timeout.compareTo(Duration.ofSeconds(1)) < 0
        || timeout.compareTo(Duration.ofSeconds(30)) > 0) {
      throw new IllegalArgumentException("timeout must be 1s to 30s: " + timeout);
    }
  }
}

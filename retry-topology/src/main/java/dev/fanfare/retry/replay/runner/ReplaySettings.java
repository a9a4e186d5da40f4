package dev.fanfare.retry.replay.runner;

import dev.fanfare.retry.replay.RateCap;
import java.time.Duration;

/// How replays are run.
///
/// @param instance name of this process among its likes
/// @param rate most deliveries a second of a job that names no rate
/// @param jobs most that this process runs at the same time
/// @param lifetime how long a replayed delivery may be attempted
/// @param countWithin how long a dry run may count
/// @param keep how long a job that is over is remembered
public record ReplaySettings(
    String instance,
    double rate,
    int jobs,
    Duration lifetime,
    Duration countWithin,
    Duration keep) {

  /// @throws IllegalArgumentException naming the setting that is out of bounds
  public ReplaySettings {
    if (!instance.matches("[A-Za-z0-9._-]{1,100}")) {
      throw new IllegalArgumentException("instance must be 1 to 100 of A-Z a-z 0-9 . _ -");
    }
    if (!(rate >= RateCap.LEAST && rate <= RateCap.MOST)) {
      throw new IllegalArgumentException("rate must be 0.01 to 100000");
    }
    if (jobs < 1 || jobs > 64) {
      throw new IllegalArgumentException("jobs must be 1 to 64");
    }
    if (!lifetime.isPositive() || !countWithin.isPositive() || !keep.isPositive()) {
      throw new IllegalArgumentException("lifetime, count_within and keep must be positive");
    }
  }

  public static ReplaySettings defaults(String instance) {
    return new ReplaySettings(
        instance, 1_000, 4, Duration.ofHours(24), Duration.ofSeconds(30), Duration.ofDays(30));
  }
}

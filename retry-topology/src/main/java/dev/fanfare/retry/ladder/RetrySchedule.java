package dev.fanfare.retry.ladder;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The waits between attempts. After the last one no attempt follows.
///
/// @param waits the wait after the first attempt, the second, …; at least one, all positive
public record RetrySchedule(List<Duration> waits) {
  /// 12 attempts, the last 23 h 42 m 35 s after the first.
  public static final RetrySchedule DEFAULT =
      new RetrySchedule(
          List.of(
              Duration.ofSeconds(5),
              Duration.ofSeconds(30),
              Duration.ofMinutes(2),
              Duration.ofMinutes(10),
              Duration.ofMinutes(30),
              Duration.ofHours(1),
              Duration.ofHours(2),
              Duration.ofHours(3),
              Duration.ofHours(4),
              Duration.ofHours(6),
              Duration.ofHours(7)));

  /// @throws IllegalArgumentException if there is no wait, or one that is not positive
  public RetrySchedule {
    waits = List.copyOf(waits);
    if (waits.isEmpty()) {
      throw new IllegalArgumentException("a retry schedule needs a wait");
    }
    for (var wait : waits) {
      if (!wait.isPositive()) {
        throw new IllegalArgumentException("a retry schedule's wait must be positive: " + wait);
      }
    }
  }

  /// When the next attempt is due, or empty when there is none left.
  ///
  /// @param attempts attempts made so far, the one that just failed included
  public Optional<Instant> next(int attempts, Instant now) {
    return attempts > waits.size()
        ? Optional.empty()
        : Optional.of(now.plus(waits.get(Math.max(attempts, 1) - 1)));
  }

  /// The time from the first attempt to the last.
  public Duration span() {
    return waits.stream().reduce(Duration.ZERO, Duration::plus);
  }
}

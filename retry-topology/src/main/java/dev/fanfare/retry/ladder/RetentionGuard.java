package dev.fanfare.retry.ladder;

import java.time.Duration;
import java.util.Optional;

/// Whether a rung's topic keeps its records long enough. A record deleted while it waits would be a
/// silent loss, so retention must cover the delay and an outage on top.
///
/// @param outage how long the relay may be away without anything being lost
public record RetentionGuard(Duration outage) {
  public static final RetentionGuard DEFAULT = new RetentionGuard(Duration.ofDays(2));

  private static final long INFINITE = -1;

  /// What is wrong with a topic's `retention.ms`, for people; empty when it is long enough.
  ///
  /// @param retentionMs as Kafka has it: milliseconds, -1 for ever
  public Optional<String> mismatch(Rung rung, long retentionMs) {
    var least = rung.delay().plus(outage);
    if (retentionMs == INFINITE || retentionMs >= least.toMillis()) {
      return Optional.empty();
    }
    return Optional.of(
        "rung %s: retention.ms is %d, but at least %d (%s, the delay and %s for an outage) is needed"
            .formatted(
                rung.label(),
                retentionMs,
                least.toMillis(),
                DurationText.format(least),
                DurationText.format(outage)));
  }
}

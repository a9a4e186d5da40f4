package dev.fanfare.dispatcher.delivery.lane;

import java.time.Duration;

/// A circuit breaker: whether an endpoint is worth an attempt. Each state is a record and a
/// transition is a method on the state it is legal from.
///
/// ```
///            too many failures               wait is over
///   Closed ───────────────────▶ Open ──────────────────────▶ HalfOpen
///     ▲                          ▲  probe failed: wait twice as long  │
///     │                          ╰────────────────────────────────────┤
///     ╰───────────────────────────────────────────────────────────────╯
///                              enough probes succeeded
/// ```
public sealed interface Breaker {
  /// @param volume fewest attempts to judge by, at most 64
  /// @param ratio share of failures at which it opens, above 0 and at most 1
  /// @param memoryMs outcomes are forgotten when the last one is older than this
  /// @param shortestMs first wait
  /// @param longestMs longest wait
  /// @param probes successes in a row that close it
  record Policy(
      int volume, double ratio, long memoryMs, long shortestMs, long longestMs, int probes) {
    public static final Policy DEFAULT = new Policy(20, 0.5, 60_000, 5_000, 60_000, 2);

    public static Policy of(int volume, double ratio, Duration shortest, Duration longest) {
      return new Policy(
          volume, ratio, DEFAULT.memoryMs, shortest.toMillis(), longest.toMillis(), DEFAULT.probes);
    }

    public Policy {
      if (volume < 1 || volume > Long.SIZE) {
        throw new IllegalArgumentException("breaker volume must be 1 to 64: " + volume);
      }
      if (!(ratio > 0 && ratio <= 1)) {
        throw new IllegalArgumentException("breaker ratio must be above 0 and at most 1: " + ratio);
      }
      if (shortestMs < 1 || longestMs < shortestMs) {
        throw new IllegalArgumentException(
            "breaker waits must be positive and ordered: " + shortestMs + ", " + longestMs);
      }
      if (probes < 1) {
        throw new IllegalArgumentException("breaker probes must be positive: " + probes);
      }
    }
  }

  static Breaker closed() {
    return new Closed(0, 0, 0);
  }

  /// Attempts flow.
  ///
  /// @param failures the last outcomes, newest in the lowest bit, 1 for a failure
  /// @param seen how many of them there are, at most 64
  record Closed(long failures, int seen, long lastAtMs) implements Breaker {
    Breaker ended(boolean success, Policy policy, long nowMs) {
      boolean stale = nowMs - lastAtMs > policy.memoryMs();
      long bits = ((stale ? 0 : failures) << 1) | (success ? 0 : 1);
      int count = Math.min(Long.SIZE, (stale ? 0 : seen) + 1);
      boolean tooMany = count >= policy.volume() && Long.bitCount(bits) >= policy.ratio() * count;
      return tooMany
          ? new Open(nowMs + policy.shortestMs(), policy.shortestMs())
          : new Closed(bits, count, nowMs);
    }
  }

  /// No attempt is made until the wait is over.
  record Open(long untilMs, long waitMs) implements Breaker {
    Breaker at(long nowMs) {
      return nowMs < untilMs ? this : new HalfOpen(waitMs, 0);
    }
  }

  /// One attempt at a time, to see.
  ///
  /// @param waitMs how long it was open
  record HalfOpen(long waitMs, int succeeded) implements Breaker {
    Breaker ended(boolean success, Policy policy, long nowMs) {
      if (success) {
        return succeeded + 1 >= policy.probes() ? closed() : new HalfOpen(waitMs, succeeded + 1);
      }
      long longer = Math.min(policy.longestMs(), waitMs * 2);
      return new Open(nowMs + longer, longer);
    }
  }
}

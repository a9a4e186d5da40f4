package dev.fanfare.dispatcher.delivery.lane;

import java.util.OptionalDouble;

/// A rate limit: tokens flow in at a fixed rate up to a tenth of a second's worth (at least one),
/// each start takes one. Without a rate it never holds anything back.
final class TokenBucket {
  private static final double BURST_SECONDS = 0.1;
  private OptionalDouble ratePerSecond;
  private double tokens;
  private long filledAtMs;

  TokenBucket(OptionalDouble ratePerSecond, long nowMs) {
    this.ratePerSecond = ratePerSecond;
    this.tokens = capacity();
    this.filledAtMs = nowMs;
  }

  void rate(OptionalDouble ratePerSecond) {
    this.ratePerSecond = ratePerSecond;
    tokens = Math.min(tokens, capacity());
  }

  OptionalDouble rate() {
    return ratePerSecond;
  }

  /// When a start is allowed: not after now when it is allowed now.
  long readyAtMs(long nowMs) {
    if (ratePerSecond.isEmpty()) {
      return nowMs;
    }
    fill(nowMs);
    return tokens >= 1
        ? nowMs
        : nowMs + (long) Math.ceil((1 - tokens) * 1000 / ratePerSecond.getAsDouble());
  }

  void take(long nowMs) {
    if (ratePerSecond.isPresent()) {
      fill(nowMs);
      tokens -= 1;
    }
  }

  private void fill(long nowMs) {
    long passedMs = Math.max(0, nowMs - filledAtMs);
    tokens = Math.min(capacity(), tokens + passedMs * ratePerSecond.orElse(0) / 1000);
    filledAtMs = Math.max(filledAtMs, nowMs);
  }

  private double capacity() {
    return Math.max(1, ratePerSecond.orElse(1) * BURST_SECONDS);
  }
}

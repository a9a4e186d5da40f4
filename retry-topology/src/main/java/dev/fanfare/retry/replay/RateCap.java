package dev.fanfare.retry.replay;

import java.time.Duration;
import java.time.Instant;

/// How many deliveries may be released now: a token bucket that begins empty and holds what one
/// second brings. So in any span of time no more than `rate × (span + 1 s)` leave, and a pause or a
/// restart saves nothing up.
public record RateCap(double perSecond, double tokens, Instant at) {
  public static final double LEAST = 0.01;
  public static final double MOST = 100_000;
  private static final double NANOS = 1e9;

  /// @throws IllegalArgumentException if the rate is out of bounds
  public RateCap {
    if (!(perSecond >= LEAST && perSecond <= MOST)) {
      throw new IllegalArgumentException("a rate is from 0.01 to 100000 a second: " + perSecond);
    }
  }

  public static RateCap of(double perSecond, Instant now) {
    return new RateCap(perSecond, 0, now);
  }

  /// The bucket at a later time; a clock that is set back brings nothing and takes nothing.
  public RateCap at(Instant now) {
    if (!now.isAfter(at)) {
      return new RateCap(perSecond, tokens, now);
    }
    double more = seconds(Duration.between(at, now)) * perSecond;
    return new RateCap(perSecond, Math.min(tokens + more, Math.max(perSecond, 1)), now);
  }

  /// As of [#at].
  public int permits() {
    return (int) tokens;
  }

  /// @throws IllegalArgumentException if that is more than is permitted
  public RateCap take(int count) {
    if (count < 0 || count > tokens) {
      throw new IllegalArgumentException(count + " of " + tokens);
    }
    return new RateCap(perSecond, tokens - count, at);
  }

  /// How long until so many are permitted, but at most what the bucket holds.
  public Duration until(int count) {
    double missing = Math.min(count, Math.max(perSecond, 1)) - tokens;
    return missing <= 0
        ? Duration.ZERO
        : Duration.ofNanos((long) Math.ceil(missing / perSecond * NANOS));
  }

  /// How long so many take, in whole seconds.
  public static long estimatedSeconds(long count, double perSecond) {
    return (long) Math.ceil(count / perSecond);
  }

  private static double seconds(Duration time) {
    return time.getSeconds() + time.getNano() / NANOS;
  }
}

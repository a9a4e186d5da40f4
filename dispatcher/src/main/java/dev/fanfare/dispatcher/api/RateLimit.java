package dev.fanfare.dispatcher.api;

import java.util.LinkedHashMap;
import java.util.Map;

/// So many requests a second for each of whoever they come from, with as many again at once. The
/// table is bounded: whoever was not seen for longest is forgotten first and begins anew.
/// Thread-safe; the time is handed in.
final class RateLimit {
  private static final int MOST = 10_000;
  private static final double NANOS = 1e9;

  private final double perNano;
  private final double burst;
  private final boolean unlimited;
  private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true);

  private static final class Bucket {
    private double tokens;
    private long at;
  }

  /// @param perSecond 0 for no limit
  RateLimit(int perSecond) {
    this.unlimited = perSecond == 0;
    this.perNano = perSecond / NANOS;
    this.burst = 2.0 * perSecond;
  }

  /// Whether one more request is within the limit.
  synchronized boolean admits(String who, long nowNanos) {
    if (unlimited) {
      return true;
    }
    var bucket = buckets.get(who);
    if (bucket == null) {
      bucket = fresh(who, nowNanos);
    }
    bucket.tokens = Math.min(burst, bucket.tokens + (nowNanos - bucket.at) * perNano);
    bucket.at = nowNanos;
    if (bucket.tokens < 1) {
      return false;
    }
    bucket.tokens--;
    return true;
  }

  /// Whether one more would be too many now; counts nothing.
  synchronized boolean isSpent(String who, long nowNanos) {
    var bucket = buckets.get(who);
    return bucket != null && bucket.tokens + (nowNanos - bucket.at) * perNano < 1;
  }

  private Bucket fresh(String who, long nowNanos) {
    if (buckets.size() >= MOST) {
      var oldest = buckets.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
    var bucket = new Bucket();
    bucket.tokens = burst;
    bucket.at = nowNanos;
    buckets.put(who, bucket);
    return bucket;
  }
}

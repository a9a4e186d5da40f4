package dev.fanfare.schemas.topic;

import java.time.Duration;
import java.util.Optional;

/// One topic as Fanfare needs it. Keys are UTF-8 text everywhere.
///
/// @param name full name, prefix included
/// @param value class of the values; `byte[]` where they are passed through as received
/// @param cleanup how it forgets
/// @param leastRetention below this a record could be deleted before it was used; empty for
///   compacted topics, which keep the last value of each key
/// @param brokerTime whether records carry the broker's time (`LogAppendTime`), which makes the
///   head of a partition the earliest
public record Topic<V>(
    String name,
    Class<V> value,
    Cleanup cleanup,
    Optional<Duration> leastRetention,
    boolean brokerTime) {

  /// @throws IllegalArgumentException if it forgets by time but names none, or none that is
  ///   positive
  public Topic {
    boolean forgets = cleanup != Cleanup.COMPACT;
    if (forgets != leastRetention.isPresent()
        || leastRetention.filter(least -> !least.isPositive()).isPresent()) {
      throw new IllegalArgumentException(
          name + " with cleanup " + cleanup.policy() + " cannot keep " + leastRetention);
    }
  }

  static <V> Topic<V> kept(String name, Class<V> value, Duration leastRetention) {
    return new Topic<>(name, value, Cleanup.DELETE, Optional.of(leastRetention), false);
  }

  static <V> Topic<V> compacted(String name, Class<V> value) {
    return new Topic<>(name, value, Cleanup.COMPACT, Optional.empty(), false);
  }

  static <V> Topic<V> stamped(String name, Class<V> value, Duration leastRetention) {
    return new Topic<>(name, value, Cleanup.DELETE, Optional.of(leastRetention), true);
  }
}

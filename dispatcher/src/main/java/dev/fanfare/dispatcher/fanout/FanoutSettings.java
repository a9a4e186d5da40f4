package dev.fanfare.dispatcher.fanout;

import java.time.Duration;

/// @param guarantee of the topology
/// @param commitInterval how long results may gather before they are committed; with exactly-once
///   nobody sees them earlier
/// @param threads that process events, each a share of the input's partitions
/// @param maxPayloadBytes an event of which a larger payload would be made is rejected
/// @param lifetime how long a delivery may be attempted
/// @param deduplication of events that come again
public record FanoutSettings(
    Guarantee guarantee,
    Duration commitInterval,
    int threads,
    int maxPayloadBytes,
    Duration lifetime,
    Deduplication deduplication) {
  public static final FanoutSettings DEFAULT =
      new FanoutSettings(
          Guarantee.EXACTLY_ONCE,
          Duration.ofMillis(25),
          2,
          262_144,
          Duration.ofHours(24),
          Deduplication.OFF);

  private static final int LEAST_PAYLOAD = 1_024;

  /// A delivery, which holds little more than its payload, must fit into a record of a broker with
  /// default settings (1 MiB).
  private static final int MOST_PAYLOAD = 524_288;

  private static final int MOST_THREADS = 64;

  /// How sure it is that each delivery is made once.
  public enum Guarantee {
    EXACTLY_ONCE("exactly_once_v2"),
    /// Faster by the wait for the commit; after a crash some deliveries are made again, with the
    /// same id.
    AT_LEAST_ONCE("at_least_once");

    private final String code;

    Guarantee(String code) {
      this.code = code;
    }

    /// The value of `processing.guarantee`.
    public String code() {
      return code;
    }
  }

  /// @throws IllegalArgumentException if a value is out of its range
  public FanoutSettings {
    require(
        commitInterval.toMillis() >= 1 && commitInterval.toSeconds() <= 10,
        "commitInterval must be from 1ms to 10s: " + commitInterval);
    require(threads >= 1 && threads <= MOST_THREADS, "threads must be from 1 to 64: " + threads);
    require(
        maxPayloadBytes >= LEAST_PAYLOAD && maxPayloadBytes <= MOST_PAYLOAD,
        "maxPayloadBytes must be from 1024 to 524288: " + maxPayloadBytes);
    require(
        lifetime.toSeconds() >= 1 && lifetime.toDays() <= 30,
        "lifetime must be from 1s to 30d: " + lifetime);
  }

  private static void require(boolean so, String otherwise) {
    if (!so) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}

package dev.fanfare.retry.relay;

import java.time.Duration;

/// How the relay works. [#defaults] suits up to some hundred partitions a relay.
///
/// @param instance name of this process among the relays; a stable one (a pod's name) lets a
///   restart resolve at once what a crash left open
/// @param batchRecords most records forwarded in one transaction
/// @param bufferBytes about how much is held in memory, all rungs together
/// @param idlePoll longest time between two looks when nothing falls due
/// @param lookAhead how long before its last held record leaves a partition is read on
/// @param transferInterval least time between two transactions that are not full
/// @param closeTimeout how long closing may take
public record RelaySettings(
    String instance,
    int batchRecords,
    long bufferBytes,
    Duration idlePoll,
    Duration lookAhead,
    Duration transferInterval,
    Duration closeTimeout) {
  private static final long LEAST_BUFFER = 1 << 20;

  /// @throws IllegalArgumentException naming the setting that is out of bounds
  public RelaySettings {
    if (!instance.matches("[A-Za-z0-9._-]{1,100}")) {
      throw new IllegalArgumentException("instance must be 1 to 100 of A-Z a-z 0-9 . _ -");
    }
    if (batchRecords < 1 || batchRecords > 100_000) {
      throw new IllegalArgumentException("batchRecords must be 1 to 100000: " + batchRecords);
    }
    if (bufferBytes < LEAST_BUFFER) {
      throw new IllegalArgumentException("bufferBytes must be at least 1 MiB: " + bufferBytes);
    }
    within("idlePoll", idlePoll, Duration.ofMillis(10), Duration.ofMinutes(1));
    within("lookAhead", lookAhead, Duration.ZERO, Duration.ofMinutes(1));
    within("transferInterval", transferInterval, Duration.ZERO, Duration.ofSeconds(1));
    within("closeTimeout", closeTimeout, Duration.ofSeconds(1), Duration.ofMinutes(5));
  }

  public static RelaySettings defaults(String instance) {
    return new RelaySettings(
        instance,
        4_000,
        16L << 20,
        Duration.ofSeconds(5),
        Duration.ofSeconds(2),
        Duration.ofMillis(20),
        Duration.ofSeconds(10));
  }

  private static void within(String name, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          "%s must be %s to %s: %s".formatted(name, least, most, value));
    }
  }
}

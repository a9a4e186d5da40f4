package dev.fanfare.dispatcher.log.entry;

import java.util.Optional;

/// Attempts to one endpoint that failed one after another. A subscription that is spread over lanes
/// has one in each of their partitions.
///
/// @param since when the first failed, milliseconds since the epoch
/// @param until when the last did
public record Streak(long count, long since, long until) {
  private static final int VERSION = 1;

  /// What one more attempt makes of it; empty when it ends it.
  public static Optional<Streak> after(Optional<Streak> before, boolean success, long at) {
    return success
        ? Optional.empty()
        : Optional.of(
            before
                .map(it -> new Streak(it.count + 1, it.since, Math.max(it.until, at)))
                .orElse(new Streak(1, at, at)));
  }

  /// The longer one.
  public Streak longer(Streak other) {
    return count >= other.count ? this : other;
  }

  public byte[] toBytes() {
    return new WireWriter().one(VERSION).number(count).number(since).number(until).toBytes();
  }

  /// @throws IllegalArgumentException if the bytes are none that we write
  public static Streak read(byte[] bytes) {
    var in = new WireReader(bytes);
    if (in.one() != VERSION) {
      throw new IllegalArgumentException("written by another version");
    }
    return new Streak(in.number(), in.number(), in.number());
  }
}

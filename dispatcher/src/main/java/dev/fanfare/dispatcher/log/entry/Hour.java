package dev.fanfare.dispatcher.log.entry;

/// An hour of one scope, so that days can be read without reading 1,440 minutes of each. It is
/// rewritten when a minute is over, not for every record: its latest minute is not in the sum yet.
///
/// @param latest minute since the epoch; not in the sum
/// @param before all that the hour's other minutes hold
public record Hour(long latest, Minute before) {
  public static final int MINUTES = 60;
  private static final int VERSION = 1;

  /// The hour of a minute.
  public static long of(long minute) {
    return Math.floorDiv(minute, MINUTES);
  }

  public static boolean startsAt(long minute) {
    return Math.floorMod(minute, MINUTES) == 0;
  }

  /// An hour in which nothing has happened before.
  public static Hour beginning(long minute) {
    return new Hour(minute, Minute.EMPTY);
  }

  /// A later minute has begun.
  ///
  /// @param over what the latest one until now holds
  public Hour next(long minute, Minute over) {
    return new Hour(minute, before.plus(over));
  }

  /// Something of a minute that is over.
  public Hour late(Minute more) {
    return new Hour(latest, before.plus(more));
  }

  public byte[] toBytes() {
    return new WireWriter().one(VERSION).number(latest).block(before.toBytes()).toBytes();
  }

  /// @throws IllegalArgumentException if the bytes are none that we write
  public static Hour read(byte[] bytes) {
    var in = new WireReader(bytes);
    if (in.one() != VERSION) {
      throw new IllegalArgumentException("written by another version");
    }
    return new Hour(in.number(), Minute.read(in.block()));
  }
}

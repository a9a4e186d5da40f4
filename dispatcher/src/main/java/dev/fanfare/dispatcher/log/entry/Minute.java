package dev.fanfare.dispatcher.log.entry;

/// What happened in one minute, to one subscription, tenant or all.
///
/// @param failed attempts that did not succeed
/// @param deferred times that a delivery was put off without an attempt
/// @param latency of the attempts that got an answer
public record Minute(
    long attempts,
    long delivered,
    long failed,
    long deadLettered,
    long deferred,
    long opened,
    Latencies latency) {
  public static final Minute EMPTY = new Minute(0, 0, 0, 0, 0, 0, Latencies.EMPTY);
  private static final int VERSION = 1;
  private static final long MILLIS = 60_000;

  /// The minute of a time.
  public static long of(long millis) {
    return Math.floorDiv(millis, MILLIS);
  }

  public static long startOf(long minute) {
    return minute * MILLIS;
  }

  public Minute plus(Minute other) {
    return new Minute(
        attempts + other.attempts,
        delivered + other.delivered,
        failed + other.failed,
        deadLettered + other.deadLettered,
        deferred + other.deferred,
        opened + other.opened,
        latency.plus(other.latency));
  }

  /// @param micros how long it took; negative when not known
  public static Minute attempt(boolean success, long micros) {
    return new Minute(
        1,
        success ? 1 : 0,
        success ? 0 : 1,
        0,
        0,
        0,
        micros < 0 ? Latencies.EMPTY : Latencies.of(micros));
  }

  public static final Minute ONE_OPENED = new Minute(0, 0, 0, 0, 0, 1, Latencies.EMPTY);
  public static final Minute ONE_DEFERRED = new Minute(0, 0, 0, 0, 1, 0, Latencies.EMPTY);
  public static final Minute ONE_DEAD = new Minute(0, 0, 0, 1, 0, 0, Latencies.EMPTY);

  public byte[] toBytes() {
    var out =
        new WireWriter()
            .one(VERSION)
            .number(attempts)
            .number(delivered)
            .number(failed)
            .number(deadLettered)
            .number(deferred)
            .number(opened);
    latency.write(out);
    return out.toBytes();
  }

  /// @throws IllegalArgumentException if the bytes are none that we write
  public static Minute read(byte[] bytes) {
    var in = new WireReader(bytes);
    if (in.one() != VERSION) {
      throw new IllegalArgumentException("written by another version");
    }
    return new Minute(
        in.number(),
        in.number(),
        in.number(),
        in.number(),
        in.number(),
        in.number(),
        Latencies.read(in));
  }
}

package dev.fanfare.dispatcher.log.entry;

/// An endpoint that is left alone, or tried with one attempt at a time, since too many have failed:
/// its worker's circuit breaker is not closed, as of its last attempt.
///
/// @param until when it is tried again, milliseconds since the epoch; 0 when it is being tried
/// @param seenAt when the attempt ended that says so
public record Interruption(String subscriptionId, String tenant, long until, long seenAt) {
  private static final int VERSION = 1;

  public byte[] toBytes() {
    return new WireWriter()
        .one(VERSION)
        .text(subscriptionId)
        .text(tenant)
        .number(until)
        .number(seenAt)
        .toBytes();
  }

  /// @throws IllegalArgumentException if the bytes are none that we write
  public static Interruption read(byte[] bytes) {
    var in = new WireReader(bytes);
    if (in.one() != VERSION) {
      throw new IllegalArgumentException("written by another version");
    }
    return new Interruption(in.text(), in.text(), in.number(), in.number());
  }

  /// Whether nothing is sent at that time; else one attempt is, to see.
  public boolean isOpen(long now) {
    return until > now;
  }

  /// The later word of two partitions, where a subscription is spread over lanes.
  public Interruption later(Interruption other) {
    return until >= other.until ? this : other;
  }
}

package dev.fanfare.dispatcher.log.entry;

import dev.fanfare.dispatcher.log.ledger.Account;

/// What a partition has counted since the log began with it.
///
/// @param bytes that payloads and histories take now
/// @param held deliveries that the log holds now
/// @param fromStart whether the topic of deliveries was seen from its first record on; decided by
///   the first record
/// @param begun whether there was a first record
public record Sums(
    long opened,
    long delivered,
    long deadLettered,
    long cancelled,
    long bytes,
    long held,
    boolean begun,
    boolean fromStart) {
  public static final Sums NONE = new Sums(0, 0, 0, 0, 0, 0, false, false);
  private static final int VERSION = 1;

  public Account account() {
    return new Account(opened, delivered, deadLettered, cancelled, 0);
  }

  public Sums beginning(long offset) {
    return begun
        ? this
        : new Sums(opened, delivered, deadLettered, cancelled, bytes, held, true, offset == 0);
  }

  /// What changes when a delivery does.
  public Sums changed(DeliveryState before, DeliveryState after) {
    return new Sums(
        opened + (after.opened() && !before.opened() ? 1 : 0),
        delivered + became(before, after, DeliveryStatus.DELIVERED),
        deadLettered + became(before, after, DeliveryStatus.DEAD_LETTERED),
        cancelled + became(before, after, DeliveryStatus.CANCELLED),
        bytes + after.bytes() - before.bytes(),
        held,
        begun,
        fromStart);
  }

  /// What changes when a delivery is seen for the first time.
  public Sums added(DeliveryState first) {
    return new Sums(
        opened + (first.opened() ? 1 : 0),
        delivered + is(first, DeliveryStatus.DELIVERED),
        deadLettered + is(first, DeliveryStatus.DEAD_LETTERED),
        cancelled + is(first, DeliveryStatus.CANCELLED),
        bytes + first.bytes(),
        held + 1,
        begun,
        fromStart);
  }

  /// What changes when the log forgets one.
  public Sums forgotten(DeliveryState gone) {
    return new Sums(
        opened,
        delivered,
        deadLettered,
        cancelled,
        Math.max(bytes - gone.bytes(), 0),
        Math.max(held - 1, 0),
        begun,
        fromStart);
  }

  private static int became(DeliveryState before, DeliveryState after, DeliveryStatus status) {
    return is(after, status) - is(before, status);
  }

  private static int is(DeliveryState state, DeliveryStatus status) {
    return state.status() == status ? 1 : 0;
  }

  public byte[] toBytes() {
    return new WireWriter()
        .one(VERSION)
        .number(opened)
        .number(delivered)
        .number(deadLettered)
        .number(cancelled)
        .number(bytes)
        .number(held)
        .flag(begun)
        .flag(fromStart)
        .toBytes();
  }

  /// @throws IllegalArgumentException if the bytes are none that we write
  public static Sums read(byte[] bytes) {
    var in = new WireReader(bytes);
    if (in.one() != VERSION) {
      throw new IllegalArgumentException("written by another version");
    }
    return new Sums(
        in.number(),
        in.number(),
        in.number(),
        in.number(),
        in.number(),
        in.number(),
        in.flag(),
        in.flag());
  }
}

package dev.fanfare.dispatcher.delivery.offset;

import java.util.BitSet;

/// Which records of one partition are settled, and so what may be committed.
///
/// ```
///   base                lowWater                         next
///    │ settled or gap    │ pending  settled  gap  pending │ not received yet
///    └───────────────────┴────────────────────────────────┘
/// ```
///
/// Only received and unsettled offsets are remembered; every other offset below `next` is settled
/// or was never a record: transaction markers and compaction leave gaps, and a gap holds nothing
/// up. The low-water mark never passes an unsettled record.
///
/// Not thread-safe.
public final class OffsetTracker {
  /// The pending bits are shifted down when this many words of them lie below the low-water mark.
  private static final int SLACK = 1 << 16;

  private final BitSet pending = new BitSet();
  private final BitSet settledBefore;
  private final long resumedAt;
  private long base;
  private long next;

  private OffsetTracker(long lowWater, BitSet settledBefore) {
    this.base = lowWater;
    this.next = lowWater;
    this.resumedAt = lowWater;
    this.settledBefore = settledBefore;
  }

  /// Starts at an offset above which nothing is settled.
  public static OffsetTracker at(long offset) {
    return new OffsetTracker(offset, new BitSet());
  }

  /// Starts at a committed offset; what its metadata says is settled above it will not be received.
  ///
  /// @throws IllegalArgumentException if the metadata is not ours
  public static OffsetTracker resumed(long committed, String metadata) {
    return new OffsetTracker(committed, OffsetBitmap.decode(metadata));
  }

  /// A record has come. False when it was settled before a restart: it must not be worked on again.
  ///
  /// @param offset not below any received before
  public boolean received(long offset) {
    if (offset < next) {
      throw new IllegalStateException("offset " + offset + " received after " + (next - 1));
    }
    next = offset + 1;
    long index = offset - resumedAt;
    if (index < settledBefore.length() && settledBefore.get((int) index)) {
      return false;
    }
    pending.set((int) (offset - base));
    return true;
  }

  /// The record's outcome is part of what is committed next.
  public void settled(long offset) {
    if (offset < base || offset >= next || !pending.get((int) (offset - base))) {
      throw new IllegalStateException("offset " + offset + " is not pending");
    }
    pending.clear((int) (offset - base));
    long below = lowWater() - base;
    if (below > SLACK) {
      var kept = pending.get((int) below, Math.max((int) below, pending.length()));
      pending.clear();
      pending.or(kept);
      base += below;
    }
  }

  /// The next offset to read after a restart.
  public long lowWater() {
    int first = pending.nextSetBit(0);
    return first < 0 ? next : base + first;
  }

  /// What is settled above the low-water mark, as text for the offset's metadata; empty when
  /// nothing is, or when it does not fit.
  public String metadata() {
    long low = lowWater();
    return OffsetBitmap.encode(settledAbove(low));
  }

  private BitSet settledAbove(long low) {
    int span = (int) (next - low);
    var settled = pending.get((int) (low - base), (int) (low - base) + span);
    settled.flip(0, span);
    // What was settled before a restart stays so until it is read past.
    int shift = (int) (low - resumedAt);
    for (int i = settledBefore.nextSetBit(Math.max(shift, (int) (next - resumedAt)));
        i >= 0;
        i = settledBefore.nextSetBit(i + 1)) {
      settled.set(i - shift);
    }
    return settled;
  }

  /// Offsets from the low-water mark to the last received: what a restart would look at again.
  public long span() {
    return next - lowWater();
  }

  /// How many received records are not settled.
  public int unsettled() {
    return pending.cardinality();
  }
}

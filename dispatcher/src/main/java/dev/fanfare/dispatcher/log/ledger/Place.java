package dev.fanfare.dispatcher.log.ledger;

/// The last place at which an open delivery was seen.
///
/// @param rung label of the rung when it waits on one, else empty
/// @param dueAt until when it waits, milliseconds since the epoch; what orders its places in time
/// @param offset of the record in its partition; -1 when there is no record of it
/// @param seenAt when the log saw it, milliseconds since the epoch
public record Place(Kind kind, String rung, long dueAt, long offset, long seenAt) {
  /// What kind of place.
  public enum Kind {
    /// An attempt's record says that it waits; the waiting record itself was not seen yet.
    ANNOUNCED('a'),
    /// On a rung of the ladder.
    RUNG('r'),
    /// On the topic of deliveries, or taken from there by a worker that has not settled it.
    DELIVERIES('d'),
    /// An attempt's record says that it is dead; the dead letter itself was not seen yet.
    DYING('y'),
    /// Attempts of it were seen, but never the delivery itself.
    UNOPENED('u');

    private final char code;

    Kind(char code) {
      this.code = code;
    }

    /// As it is stored.
    public char code() {
      return code;
    }
  }

  /// Whether it was here after it was at the other place. What a delivery writes in one transaction
  /// goes to several topics, and these are read in any order; a clock would not do, since several
  /// write them. But each wait ends later than the one before, and within one wait it goes down the
  /// ladder and back to the deliveries:
  ///
  /// ```
  /// announced ─▶ rung 2m ─▶ rung 2m ─▶ rung 30s ─▶ deliveries ─▶ (next wait, due later)
  /// ```
  public boolean isAfter(Place other) {
    if (kind == Kind.DYING || other.kind == Kind.DYING) {
      return kind == Kind.DYING;
    }
    if (kind == Kind.UNOPENED || other.kind == Kind.UNOPENED) {
      return other.kind == Kind.UNOPENED;
    }
    if (dueAt != other.dueAt) {
      return dueAt > other.dueAt;
    }
    if (kind != other.kind) {
      return kind.compareTo(other.kind) > 0;
    }
    return !rung.equals(other.rung) || offset > other.offset;
  }
}

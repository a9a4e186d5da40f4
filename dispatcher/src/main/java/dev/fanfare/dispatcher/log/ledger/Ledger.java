package dev.fanfare.dispatcher.log.ledger;

import java.util.Optional;
import java.util.stream.Stream;

/// Says of an open delivery whether it is accounted for: it is, as long as the record at its last
/// place is still there and was not taken, or was taken a moment ago. A record that was taken
/// without anything having come of it, or is gone before it was taken, is a loss.
///
/// No time-out is involved, so an outage of a stage is none: what waits unread is accounted for.
public final class Ledger {
  private Ledger() {}

  /// Why a delivery is not accounted for.
  public enum Finding {
    /// A worker has committed past it, and neither attempt, wait nor dead letter came of it.
    TAKEN_NOT_SETTLED('t', "taken_not_settled"),
    /// The relay has committed past it, and it did not come back.
    RELEASED_NOT_SEEN('r', "released_not_seen"),
    /// The topic forgot it before anybody took it.
    DELETED_UNREAD('d', "deleted_unread"),
    /// Its attempt says that it waits, but it is on no rung.
    WAIT_NOT_WRITTEN('w', "wait_not_written"),
    /// Its attempt says that it is dead, but there is no dead letter.
    DEAD_LETTER_NOT_WRITTEN('l', "dead_letter_not_written"),
    /// It was attempted, but never on the topic of deliveries.
    NEVER_OPENED('o', "never_opened");

    private final char code;
    private final String word;

    Finding(char code, String word) {
      this.code = code;
      this.word = word;
    }

    /// As instances tell each other.
    public char code() {
      return code;
    }

    /// Stable word for the API.
    public String word() {
      return word;
    }

    public static Optional<Finding> of(char code) {
      return Stream.of(values()).filter(it -> it.code == code).findFirst();
    }
  }

  /// Empty when it is accounted for.
  public static Optional<Finding> judge(Place place, Cut cut) {
    if (place.seenAt() > cut.at()) {
      return Optional.empty(); // it has moved since
    }
    return switch (place.kind()) {
      case DELIVERIES -> unless(cut.deliveries(), place, Finding.TAKEN_NOT_SETTLED);
      case RUNG ->
          unless(
              cut.rungs().getOrDefault(place.rung(), Cut.Reach.NOTHING),
              place,
              Finding.RELEASED_NOT_SEEN);
      case ANNOUNCED -> Optional.of(Finding.WAIT_NOT_WRITTEN);
      case DYING -> Optional.of(Finding.DEAD_LETTER_NOT_WRITTEN);
      case UNOPENED -> cut.complete() ? Optional.of(Finding.NEVER_OPENED) : Optional.empty();
    };
  }

  private static Optional<Finding> unless(Cut.Reach reach, Place place, Finding taken) {
    if (place.offset() < reach.taken()) {
      return Optional.of(taken);
    }
    return place.offset() < reach.start() ? Optional.of(Finding.DELETED_UNREAD) : Optional.empty();
  }
}

package dev.fanfare.dispatcher.log.query;

import dev.fanfare.dispatcher.log.entry.Minute;
import dev.fanfare.dispatcher.log.entry.WireWriter;
import java.util.Comparator;

/// What went wrong over some minutes.
///
/// @param attempts all of them
/// @param failed those that did not succeed
/// @param dead deliveries given up
public record Failures(long attempts, long failed, long dead) {
  public static final Failures NONE = new Failures(0, 0, 0);
  static final Comparator<Failures> MOST_FIRST =
      Comparator.comparingLong((Failures it) -> it.failed + it.dead).reversed();

  static Failures of(Minute minute) {
    return new Failures(minute.attempts(), minute.failed(), minute.deadLettered());
  }

  boolean isNothing() {
    return failed == 0 && dead == 0;
  }

  Failures plus(Failures other) {
    return new Failures(attempts + other.attempts, failed + other.failed, dead + other.dead);
  }

  byte[] toBytes(String scope) {
    return new WireWriter().text(scope).number(attempts).number(failed).number(dead).toBytes();
  }
}

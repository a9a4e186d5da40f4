package dev.fanfare.dispatcher.log.alert;

/// What was measured of one subject.
///
/// @param value in the unit of the rule's kind
/// @param volume how much evidence there is, for kinds that ask for some
public record Reading(double value, long volume) {
  /// Nothing happened, and nothing waits.
  public static final Reading NOTHING = new Reading(0, 0);

  public static Reading of(long value) {
    return new Reading((double) value, 0);
  }

  /// A part of attempts that failed.
  public static Reading rate(long failed, long attempts) {
    return attempts == 0 ? NOTHING : new Reading((double) failed / attempts, attempts);
  }
}

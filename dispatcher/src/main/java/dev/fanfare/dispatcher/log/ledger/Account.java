package dev.fanfare.dispatcher.log.ledger;

/// The sum: every delivery that was opened is closed in one of three ways, or waits.
///
/// @param unaccounted those that should wait somewhere and are nowhere, as far as is known
public record Account(
    long opened, long delivered, long deadLettered, long cancelled, long unaccounted) {
  public static final Account EMPTY = new Account(0, 0, 0, 0, 0);

  /// Opened and not closed, wherever it is.
  public long waiting() {
    return Math.max(opened - delivered - deadLettered - cancelled, 0);
  }

  public Account plus(Account other) {
    return new Account(
        opened + other.opened,
        delivered + other.delivered,
        deadLettered + other.deadLettered,
        cancelled + other.cancelled,
        unaccounted + other.unaccounted);
  }

  public Account withUnaccounted(long found) {
    return new Account(opened, delivered, deadLettered, cancelled, found);
  }
}

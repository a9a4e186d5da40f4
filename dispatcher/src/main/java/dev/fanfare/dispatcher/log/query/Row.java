package dev.fanfare.dispatcher.log.query;

/// One thing that a partition answers with.
final class Row {
  static final int STATE = 'D';
  static final int OPENING = 'P';
  static final int ATTEMPT = 'H';
  static final int GROUP = 'G';
  static final int MINUTE = 'Y';
  static final int SUMS = 'C';
  static final int BALANCE = 'B';
  static final int FINDING = 'F';
  static final int DONE = 'X';
  static final int ACTIVITY = 'A';
  static final int STREAK = 'K';
  static final int OLDEST = 'W';
  static final int INTERRUPTION = 'I';

  private final int kind;
  private final long at;
  private final byte[] value;

  /// @param at a number that belongs to it, e.g. the minute
  Row(int kind, long at, byte[] value) {
    this.kind = kind;
    this.at = at;
    this.value = value;
  }

  Row(int kind, byte[] value) {
    this(kind, 0, value);
  }

  int kind() {
    return kind;
  }

  long at() {
    return at;
  }

  /// Not a copy.
  byte[] value() {
    return value;
  }
}

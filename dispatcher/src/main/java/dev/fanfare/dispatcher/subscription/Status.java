package dev.fanfare.dispatcher.subscription;

/// Whether a subscription's events are made and sent.
public enum Status {
  /// Events are fanned out and sent.
  ACTIVE("active"),
  /// Events are fanned out and wait; nothing is sent until it is resumed.
  PAUSED("paused"),
  /// No event is fanned out; what waits is dead-lettered.
  DISABLED("disabled");

  private final String code;

  Status(String code) {
    this.code = code;
  }

  public String code() {
    return code;
  }
}

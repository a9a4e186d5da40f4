package dev.fanfare.dispatcher.subscription;

import java.util.Optional;

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

  public static Optional<Status> find(String code) {
    for (var status : values()) {
      if (status.code.equals(code)) {
        return Optional.of(status);
      }
    }
    return Optional.empty();
  }
}

package dev.fanfare.sandbox;

/// The sandbox can't start, for a reason that its user can do something about: the message says it
/// all in one line.
public final class CannotStart extends RuntimeException {
  public CannotStart(String message) {
    super(message);
  }

  public CannotStart(String message, Throwable cause) {
    super(message, cause);
  }
}

package dev.fanfare.dispatcher.log.notify;

/// What came of telling somebody. The reasons are for people and hold no secret.
public sealed interface Told {
  /// It has been taken.
  record Sent() implements Told {}

  /// It may work later.
  record Failed(String why) implements Told {}

  /// It would be the same later.
  record Refused(String why) implements Told {}
}

package dev.fanfare.dispatcher.ingest.proof;

/// What a check of a request finds.
public sealed interface Proof {
  /// Only one who has the key can have made it.
  record Genuine() implements Proof {}

  /// Anybody can have made it.
  ///
  /// @param why for the log; nothing of the request, never a key
  record Forged(String why) implements Proof {}

  Proof GENUINE = new Genuine();

  static Proof of(boolean genuine, String otherwise) {
    return genuine ? GENUINE : new Forged(otherwise);
  }
}

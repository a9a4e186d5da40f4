package dev.fanfare.dispatcher.control;

import dev.fanfare.schemas.id.EventId;
import java.security.SecureRandom;

/// Makes names and keys that nobody can guess. Thread-safe.
final class Dice {
  /// Lower case letters and digits that can't be taken for one another.
  private static final String ALPHABET = "abcdefghjkmnpqrstvwxyz0123456789";

  private static final int LETTERS = 24; // 5 bits each
  private static final int SECRET_LETTERS = 52;

  private final SecureRandom random = new SecureRandom();

  String subscriptionId() {
    return "sub_" + letters(bytes(LETTERS));
  }

  String keyId() {
    return "key_" + letters(bytes(LETTERS));
  }

  /// 260 bits.
  String keySecret() {
    return letters(bytes(SECRET_LETTERS));
  }

  String replayId() {
    return replayId(bytes(LETTERS));
  }

  /// The id that these bytes stand for; at least 24 are needed.
  static String replayId(byte[] bytes) {
    return "rpl_" + letters(bytes).substring(0, LETTERS);
  }

  EventId eventId() {
    return eventId(bytes(LETTERS));
  }

  /// The id that these bytes stand for; at least 24 are needed.
  static EventId eventId(byte[] bytes) {
    return new EventId("evt_" + letters(bytes).substring(0, LETTERS));
  }

  byte[] bytes(int count) {
    var bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  private static String letters(byte[] bytes) {
    var letters = new StringBuilder();
    for (byte each : bytes) {
      letters.append(ALPHABET.charAt(each & 31));
    }
    return letters.toString();
  }
}

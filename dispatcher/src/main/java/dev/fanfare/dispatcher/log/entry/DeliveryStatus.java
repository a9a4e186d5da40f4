package dev.fanfare.dispatcher.log.entry;

import java.util.Optional;
import java.util.stream.Stream;

/// What has become of a delivery so far.
public enum DeliveryStatus {
  /// Not attempted yet.
  PENDING('p', "pending"),
  /// Attempted; waits for its next attempt.
  RETRYING('r', "retrying"),
  DELIVERED('d', "delivered"),
  DEAD_LETTERED('x', "dead_lettered"),
  /// Ended because its subscription was deleted.
  CANCELLED('c', "cancelled");

  private final char code;
  private final String word;

  DeliveryStatus(char code, String word) {
    this.code = code;
    this.word = word;
  }

  /// As it is stored.
  char code() {
    return code;
  }

  /// As it stands in the API.
  public String word() {
    return word;
  }

  /// Whether nothing more is to come.
  public boolean isFinal() {
    return this == DELIVERED || this == DEAD_LETTERED || this == CANCELLED;
  }

  /// Whether it ended without success.
  public boolean isFailure() {
    return this == DEAD_LETTERED || this == CANCELLED;
  }

  public static Optional<DeliveryStatus> find(String word) {
    return Stream.of(values()).filter(it -> it.word.equals(word)).findFirst();
  }
}

package dev.fanfare.retry.deadletter;

import dev.fanfare.schemas.avro.DeadLetter;
import dev.fanfare.schemas.avro.Delivery;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// Builds the record that ends a delivery without success. Body and message are cut to what the
/// schema promises, so that a dead letter is hardly larger than its delivery.
public final class DeadLetters {
  static final int BODY_BYTES = 4_096;
  static final int MESSAGE_CHARS = 1_024;

  private DeadLetters() {}

  /// @param delivery as it died; its attempts count those made
  /// @param answer what came of the last attempt; [LastAnswer#NONE] when there was none
  public static DeadLetter of(
      Delivery delivery, DeadLetterReason reason, LastAnswer answer, Instant now) {
    return new DeadLetter(
        delivery,
        reason.code(),
        now.truncatedTo(ChronoUnit.MILLIS),
        answer.status().orElse(null),
        answer.headers(),
        answer.body().map(DeadLetters::head).orElse(null),
        answer.error().orElse(null),
        answer.message().map(DeadLetters::head).orElse(null));
  }

  private static ByteBuffer head(ByteBuffer body) {
    return body.slice(body.position(), Math.min(body.remaining(), BODY_BYTES));
  }

  private static String head(String message) {
    return message.length() <= MESSAGE_CHARS ? message : message.substring(0, MESSAGE_CHARS) + "…";
  }
}

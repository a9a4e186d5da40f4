package dev.fanfare.retry.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.schemas.avro.Delivery;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DeadLettersTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.123Z");

  @Test
  void tellsTheLastAnswer() {
    var body = ByteBuffer.wrap("gone away".getBytes(UTF_8));
    var answer = LastAnswer.answered(410, Map.of("server", "nginx"), body);
    var letter = DeadLetters.of(delivery(), DeadLetterReason.GONE, answer, NOW);
    assertThat(letter.getDelivery()).isEqualTo(delivery());
    assertThat(letter.getReason()).isEqualTo("gone");
    assertThat(letter.getDiedAt()).isEqualTo(NOW);
    assertThat(letter.getStatus()).isEqualTo(410);
    assertThat(letter.getResponseHeaders()).containsEntry("server", "nginx");
    assertThat(letter.getResponseBody()).isEqualTo(body);
    assertThat(letter.getError()).isNull();
    assertThat(letter.getErrorMessage()).isNull();
  }

  @Test
  void tellsTheLastError() {
    var answer = LastAnswer.failed("timeout", "no answer within 15 s");
    var letter = DeadLetters.of(delivery(), DeadLetterReason.EXPIRED, answer, NOW);
    assertThat(letter.getStatus()).isNull();
    assertThat(letter.getResponseBody()).isNull();
    assertThat(letter.getError()).isEqualTo("timeout");
    assertThat(letter.getErrorMessage()).isEqualTo("no answer within 15 s");
  }

  @ParameterizedTest
  @EnumSource
  void needsNoAnswerAndFitsItsSchema(DeadLetterReason reason) throws Exception {
    var letter = DeadLetters.of(delivery(), reason, LastAnswer.NONE, NOW);
    assertThat(letter.getReason()).isEqualTo(reason.code());
    assertThat(letter.toByteBuffer().remaining()).isPositive();
  }

  @Test
  void cutsBodyAndMessage() {
    var huge = ByteBuffer.allocate(1 << 20);
    huge.position(3);
    var answered = LastAnswer.answered(500, Map.of(), huge);
    var letter = DeadLetters.of(delivery(), DeadLetterReason.EXPIRED, answered, NOW);
    assertThat(letter.getResponseBody().remaining()).isEqualTo(DeadLetters.BODY_BYTES);
    assertThat(huge.position()).isEqualTo(3);

    var failed = LastAnswer.failed("tls", "x".repeat(10_000));
    letter = DeadLetters.of(delivery(), DeadLetterReason.EXPIRED, failed, NOW);
    assertThat(letter.getErrorMessage()).hasSizeLessThanOrEqualTo(DeadLetters.MESSAGE_CHARS + 1);
  }

  private static Delivery delivery() {
    return Delivery.newBuilder()
        .setDeliveryId("dlv_1")
        .setEventId("evt_1")
        .setSubscriptionId("sub_1")
        .setTenant("acme")
        .setType("email.bounced")
        .setOccurredAt(NOW)
        .setMessageId("m1")
        .setRecipient("a@example.com")
        .setSchemaVersion("1.0")
        .setFormat("standard")
        .setPayload(ByteBuffer.wrap(new byte[] {1, 2, 3}))
        .setCreatedAt(NOW)
        .setExpiresAt(NOW)
        .setAttempts(12)
        .setDueAt(NOW)
        .build();
  }
}

package dev.fanfare.retry.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fanfare.schemas.avro.DeadLetter;
import dev.fanfare.schemas.avro.Delivery;
import dev.fanfare.schemas.id.DeliveryId;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;

/// Deliveries and dead letters of numbered events.
public final class Letters {
  public static final Instant BEGAN = Instant.parse("2026-11-24T05:00:00Z");

  private Letters() {}

  public static Delivery.Builder delivery(String subscription, int number) {
    var event = "evt_" + number;
    return Delivery.newBuilder()
        .setDeliveryId(DeliveryId.of(event, subscription).value())
        .setEventId(event)
        .setSubscriptionId(subscription)
        .setTenant("acme")
        .setType("email.bounced")
        .setOccurredAt(BEGAN)
        .setMessageId("msg_" + number)
        .setRecipient("ann@example.com")
        .setSchemaVersion("1.0")
        .setFormat("standard")
        .setPayload(ByteBuffer.wrap(("{\"n\":" + number + "}").getBytes(UTF_8)))
        .setCreatedAt(BEGAN)
        .setExpiresAt(BEGAN.plusSeconds(86_400))
        .setDueAt(BEGAN)
        .setAttempts(0);
  }

  public static DeadLetter letter(Delivery delivery) {
    return letter(delivery, "expired", 500, "db down", BEGAN.plusSeconds(60));
  }

  public static DeadLetter letter(
      Delivery delivery, String reason, int status, String body, Instant diedAt) {
    return new DeadLetter(
        Delivery.newBuilder(delivery).setAttempts(12).build(),
        reason,
        diedAt,
        status,
        Map.of(),
        ByteBuffer.wrap(body.getBytes(UTF_8)),
        null,
        null);
  }
}

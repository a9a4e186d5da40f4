package dev.fanfare.bench.micro;

import dev.fanfare.dispatcher.subscription.Subscription;
import dev.fanfare.dispatcher.subscription.reading.SubscriptionReader;
import dev.fanfare.dispatcher.subscription.reading.SubscriptionReading;
import dev.fanfare.schemas.avro.Attempt;
import dev.fanfare.schemas.avro.Delivery;
import dev.fanfare.schemas.avro.Filter;
import dev.fanfare.schemas.avro.SigningSecret;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// Records of a usual size and shape.
final class Samples {
  static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");
  private static final SubscriptionReader READER = new SubscriptionReader(false);

  private Samples() {}

  static String inbox(int n) {
    return "agent" + n + "@inbox.example";
  }

  /// As the feed reads it.
  ///
  /// @param inboxes of which it wants events; of all if empty
  static Subscription subscription(int n, String tenant, List<String> types, List<String> inboxes) {
    var stored =
        dev.fanfare.schemas.avro.Subscription.newBuilder()
            .setId("sub_" + n)
            .setTenant(tenant)
            .setUrl("https://hooks.customer" + n + ".example/mail")
            .setEventTypes(types)
            .setFilter(inboxes.isEmpty() ? null : Filter.newBuilder().setInboxes(inboxes).build())
            .setSecrets(
                List.of(
                    SigningSecret.newBuilder()
                        .setKind("hmac")
                        .setMaterial(ByteBuffer.wrap(new byte[32]))
                        .setCreatedAt(NOW)
                        .build()))
            .setCreatedAt(NOW)
            .setUpdatedAt(NOW)
            .build();
    return switch (READER.read(stored, NOW)) {
      case SubscriptionReading.Read read -> read.subscription();
      case SubscriptionReading.Refused refused ->
          throw new IllegalStateException("a sample is refused: " + refused);
    };
  }

  static Delivery delivery(ByteBuffer payload) {
    return Delivery.newBuilder()
        .setDeliveryId("dlv_0123456789abcdefghijkl")
        .setEventId("evt_0123456789abcdef")
        .setSubscriptionId("sub_0123456789abcdef")
        .setTenant("acme")
        .setType("email.delivered")
        .setOccurredAt(NOW)
        .setMessageId("msg_0123456789abcdef")
        .setRecipient("ada.lovelace@customer.example")
        .setSchemaVersion("1.0")
        .setFormat("standard")
        .setPayload(payload)
        .setCreatedAt(NOW)
        .setExpiresAt(NOW.plus(Duration.ofHours(24)))
        .setAttempts(0)
        .setDueAt(NOW)
        .build();
  }

  static Attempt attempt() {
    return Attempt.newBuilder()
        .setAttemptId("dlv_0123456789abcdefghijkl-1")
        .setDeliveryId("dlv_0123456789abcdefghijkl")
        .setEventId("evt_0123456789abcdef")
        .setSubscriptionId("sub_0123456789abcdef")
        .setTenant("acme")
        .setType("email.delivered")
        .setMessageId("msg_0123456789abcdef")
        .setRecipient("ada.lovelace@customer.example")
        .setAttempt(1)
        .setStartedAt(NOW)
        .setOutcome("delivered")
        .setUrl("https://hooks.customer.example/mail")
        .setRequestHeaders(
            Map.of(
                "webhook-id", "evt_0123456789abcdef",
                "webhook-timestamp", "1777636800",
                "webhook-signature", "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=",
                "content-type", "application/json",
                "user-agent", "Fanfare/0.1.0",
                "webhook-attempt", "1"))
        .setStatus(204)
        .setResponseHeaders(Map.of("server", "nginx", "date", "Fri, 01 May 2026 12:00:00 GMT"))
        .setFirstByteUs(900L)
        .setTotalUs(950L)
        .setWorker("fanfare-0")
        .build();
  }
}

package dev.fanfare.dispatcher.delivery.worker;

import dev.fanfare.dispatcher.egress.signature.HmacSecret;
import dev.fanfare.dispatcher.egress.signature.SigningKeys;
import dev.fanfare.dispatcher.subscription.Endpoint;
import dev.fanfare.dispatcher.subscription.Limits;
import dev.fanfare.dispatcher.subscription.Selector;
import dev.fanfare.dispatcher.subscription.Status;
import dev.fanfare.dispatcher.subscription.Subscription;
import dev.fanfare.schemas.id.SubscriptionId;
import dev.fanfare.schemas.id.TenantId;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Subscriptions for everything, to an endpoint of the test's.
final class TestSubscriptions {
  private TestSubscriptions() {}

  static Subscription active(String id) {
    return of(id, Status.ACTIVE);
  }

  static Subscription of(String id, Status status) {
    return of(id, status, Limits.NONE);
  }

  static Subscription of(String id, Status status, Limits limits) {
    var keys = new SigningKeys(List.of(HmacSecret.generate(new byte[32])));
    return new Subscription(
        new SubscriptionId(id),
        new TenantId("acme"),
        status,
        new Selector(List.of(Selector.ALL)),
        new Endpoint(
            URI.create("https://example.com/" + id),
            Map.of(),
            keys,
            Optional.empty(),
            Optional.empty()),
        limits,
        "standard",
        Optional.empty(),
        Optional.empty());
  }

  static dev.fanfare.schemas.avro.Subscription stored(String id) {
    return dev.fanfare.schemas.avro.Subscription.newBuilder()
        .setId(id)
        .setTenant("acme")
        .setUrl("https://example.com/" + id)
        .setEventTypes(List.of("*"))
        .setCreatedAt(Instant.EPOCH)
        .setUpdatedAt(Instant.EPOCH)
        .build();
  }
}

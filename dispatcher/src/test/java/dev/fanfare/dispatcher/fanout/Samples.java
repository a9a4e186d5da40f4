package dev.fanfare.dispatcher.fanout;

import static dev.fanfare.dispatcher.subscription.reading.StoredSubscriptions.NOW;

import dev.fanfare.dispatcher.subscription.Condition;
import dev.fanfare.dispatcher.subscription.Endpoint;
import dev.fanfare.dispatcher.subscription.Limits;
import dev.fanfare.dispatcher.subscription.Selector;
import dev.fanfare.dispatcher.subscription.Status;
import dev.fanfare.dispatcher.subscription.Subscription;
import dev.fanfare.dispatcher.subscription.reading.StoredSubscriptions;
import dev.fanfare.dispatcher.subscription.reading.SubscriptionReader;
import dev.fanfare.dispatcher.subscription.reading.SubscriptionReading;
import dev.fanfare.schemas.avro.Bounce;
import dev.fanfare.schemas.avro.EmailEvent;
import dev.fanfare.schemas.id.SubscriptionId;
import dev.fanfare.schemas.id.TenantId;
import java.util.List;
import java.util.Optional;

/// Events and subscriptions as the tests of fan-out want them.
final class Samples {
  private static final Endpoint ENDPOINT = endpoint();

  private Samples() {}

  static EmailEvent.Builder event(String id) {
    return EmailEvent.newBuilder()
        .setEventId(id)
        .setTenant("acme")
        .setType("email.bounced")
        .setOccurredAt(NOW)
        .setMessageId("msg_1")
        .setRecipient("jane@example.com")
        .setBounce(Bounce.newBuilder().setKind("hard").build());
  }

  static Subscription subscription(String id, String... types) {
    return subscription(id, "acme", Status.ACTIVE, List.of(types), List.of());
  }

  static Subscription subscription(
      String id, String tenant, Status status, List<String> types, List<Condition> conditions) {
    return subscription(id, tenant, status, new Selector(types, conditions), "standard");
  }

  static Subscription subscription(
      String id, String tenant, Status status, Selector selector, String format) {
    return new Subscription(
        new SubscriptionId(id),
        new TenantId(tenant),
        status,
        selector,
        ENDPOINT,
        Limits.NONE,
        format,
        Optional.empty(),
        Optional.empty());
  }

  private static Endpoint endpoint() {
    var stored = StoredSubscriptions.good("sub_x").build();
    return switch (new SubscriptionReader(false).read(stored, NOW)) {
      case SubscriptionReading.Read(Subscription subscription, _) -> subscription.endpoint();
      case SubscriptionReading.Refused(var problems) -> throw new AssertionError(problems);
    };
  }
}

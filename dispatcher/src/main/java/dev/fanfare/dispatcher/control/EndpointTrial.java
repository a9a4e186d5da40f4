package dev.fanfare.dispatcher.control;

import dev.fanfare.dispatcher.egress.Egress;
import dev.fanfare.dispatcher.egress.Post;
import dev.fanfare.dispatcher.egress.Reply;
import dev.fanfare.dispatcher.subscription.Subscription;
import dev.fanfare.dispatcher.subscription.reading.ProvenEndpoint;
import dev.fanfare.dispatcher.subscription.reading.SubscriptionReader;
import dev.fanfare.dispatcher.subscription.reading.SubscriptionReading;
import dev.fanfare.schemas.avro.EmailEvent;
import dev.fanfare.schemas.catalogue.EventCatalogue;
import dev.fanfare.schemas.catalogue.EventType;
import dev.fanfare.schemas.payload.CloudEventsHeaders;
import dev.fanfare.schemas.payload.PayloadFormat;
import dev.fanfare.schemas.payload.PayloadRenderer;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// Sends a signed example to a subscription's endpoint, so that its owner sees what it answers. It
/// goes the way of every delivery, guard included, but nothing is written, retried or counted.
/// Thread-safe.
public final class EndpointTrial {
  private static final int MOST_AT_ONCE = 32;

  private final KnownSubscriptions known;
  private final SubscriptionReader reader;
  private final EventCatalogue catalogue;
  private final Egress egress;
  private final Duration usualTimeout;
  private final InstantSource clock;
  private final Dice dice = new Dice();
  private final Semaphore places = new Semaphore(MOST_AT_ONCE);

  /// What was sent and what came back.
  public record Tried(String eventId, String type, Reply reply) {}

  public EndpointTrial(
      KnownSubscriptions known,
      SubscriptionReader reader,
      EventCatalogue catalogue,
      Egress egress,
      Duration usualTimeout,
      InstantSource clock) {
    this.known = known;
    this.reader = reader;
    this.catalogue = catalogue;
    this.egress = egress;
    this.usualTimeout = usualTimeout;
    this.clock = clock;
  }

  /// @param type of the example; null for one that the subscription asked for
  public Change<Tried> attempt(String id, @Nullable String type) {
    var stored = known.stored(id);
    if (stored.isEmpty()) {
      return new Change.Unknown<>();
    }
    if (!(reader.read(stored.get(), clock.instant())
        instanceof SubscriptionReading.Read(Subscription subscription, _))) {
      return new Change.Conflict<>("the subscription can't be used as it is stored; change it");
    }
    if (!ProvenEndpoint.isProven(stored.get())) {
      return new Change.Conflict<>("its endpoint has not been verified yet");
    }
    var wanted =
        type == null
            ? subscription.selector().eventTypes().stream()
                .flatMap(pattern -> catalogue.matching(pattern).stream())
                .findFirst()
            : catalogue.find(type);
    if (wanted.isEmpty()) {
      return new Change.Refused<>(
          List.of(new RequestProblem("/type", "is no event type; see GET /v1/event-types")));
    }
    if (!places.tryAcquire()) {
      return new Change.Unavailable<>("too many endpoints are being tried at the same time");
    }
    try {
      var event = example(wanted.get(), subscription);
      var reply = egress.post(post(event, wanted.get(), subscription));
      return new Change.Done<>(new Tried(event.getEventId(), event.getType(), reply));
    } finally {
      places.release();
    }
  }

  private EmailEvent example(EventType type, Subscription subscription) {
    return EmailEvent.newBuilder(type.example())
        .setEventId(dice.eventId().value())
        .setTenant(subscription.tenant().value())
        .setOccurredAt(clock.instant().truncatedTo(ChronoUnit.MILLIS))
        .build();
  }

  private Post post(EmailEvent event, EventType type, Subscription subscription) {
    var format = PayloadFormat.of(subscription.format());
    var version = subscription.schemaVersion().map(type::pinnedAt).orElseGet(type::newest);
    var payload = PayloadRenderer.render(event, version, format);
    var endpoint = subscription.endpoint();
    return new Post(
        subscription.id().value(),
        endpoint.url(),
        event.getEventId(),
        1,
        payload.body(),
        payload.contentType(),
        headers(event, endpoint.headers(), format),
        endpoint.keys(),
        endpoint.credential(),
        endpoint.timeout().orElse(usualTimeout),
        Optional.empty());
  }

  private static Map<String, String> headers(
      EmailEvent event, Map<String, String> own, PayloadFormat format) {
    if (!(format instanceof PayloadFormat.CloudEventsBinary)) {
      return own;
    }
    var all = new HashMap<>(own);
    all.putAll(
        CloudEventsHeaders.of(
            event.getEventId(),
            event.getTenant(),
            event.getType(),
            event.getOccurredAt(),
            event.getMessageId()));
    return all;
  }
}

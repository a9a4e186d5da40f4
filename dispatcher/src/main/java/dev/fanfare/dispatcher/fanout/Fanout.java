package dev.fanfare.dispatcher.fanout;

import dev.fanfare.dispatcher.subscription.Subscription;
import dev.fanfare.schemas.avro.Delivery;
import dev.fanfare.schemas.avro.EmailEvent;
import dev.fanfare.schemas.catalogue.EventCatalogue;
import dev.fanfare.schemas.catalogue.EventType;
import dev.fanfare.schemas.catalogue.SchemaVersion;
import dev.fanfare.schemas.id.DeliveryId;
import dev.fanfare.schemas.payload.EventCheck;
import dev.fanfare.schemas.payload.PayloadFormat;
import dev.fanfare.schemas.payload.PayloadRenderer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One event × the subscriptions that want it = its deliveries. Knows no Kafka and no clock.
///
/// In two steps, so that everything that can fail has failed before the first delivery is made:
/// [#plan] checks, selects and renders; [Plan.Deliveries] only copies fields.
public final class Fanout {
  private final SubscriptionIndex index;
  private final EventCatalogue catalogue;
  private final EventCheck check;
  private final int maxPayloadBytes;
  private final Duration lifetime;

  public Fanout(
      SubscriptionIndex index, EventCatalogue catalogue, int maxPayloadBytes, Duration lifetime) {
    this.index = index;
    this.catalogue = catalogue;
    this.check = new EventCheck(catalogue);
    this.maxPayloadBytes = maxPayloadBytes;
    this.lifetime = lifetime;
  }

  /// What is to be made of one event.
  public sealed interface Plan {
    record Rejected(Rejection rejection) implements Plan {}

    /// @param wanted by whom and in which form; empty when nobody wants it
    record Deliveries(EmailEvent event, List<Wanted> wanted, Duration lifetime) implements Plan {
      /// Makes the deliveries one by one; their payloads are shared.
      void deliver(Instant now, Optional<String> traceparent, Consumer<Delivery> to) {
        var expires = now.plus(lifetime);
        var trace = traceparent.orElse(null);
        for (var one : wanted) {
          to.accept(delivery(one, now, expires, trace));
        }
      }

      private Delivery delivery(
          Wanted one, Instant now, Instant expires, @Nullable String traceparent) {
        return new Delivery(
            DeliveryId.of(event.getEventId(), one.subscriptionId()).value(),
            event.getEventId(),
            one.subscriptionId(),
            event.getTenant(),
            event.getType(),
            event.getOccurredAt(),
            event.getMessageId(),
            event.getRecipient(),
            one.rendering().version(),
            one.rendering().format(),
            one.rendering().payload(),
            now,
            expires,
            0,
            now,
            traceparent,
            null,
            null);
      }
    }
  }

  /// A subscription that wants the event, and the form that it gets.
  public record Wanted(String subscriptionId, Rendering rendering) {}

  /// The event as it is sent, in one version and format.
  public record Rendering(String version, String format, ByteBuffer payload) {}

  private record Form(SchemaVersion version, String format) {}

  public Plan plan(EmailEvent event) {
    return switch (intake(event)) {
      case Intake.Rejected(Rejection rejection) -> new Plan.Rejected(rejection);
      case Intake.Accepted(EmailEvent good, EventType type) -> plan(good, type);
    };
  }

  /// The delivery to the one subscription of an index that holds no other; empty when it does not
  /// want the event, or the event would be rejected.
  public Optional<Delivery> single(EmailEvent event, Instant now) {
    var made = new ArrayList<Delivery>();
    if (plan(event) instanceof Plan.Deliveries deliveries) {
      deliveries.deliver(now, Optional.empty(), made::add);
    }
    return made.stream().findFirst();
  }

  private Intake intake(EmailEvent event) {
    var faults = check.faults(event);
    if (!faults.isEmpty()) {
      var first = faults.getFirst();
      return new Intake.Rejected(new Rejection(first.code(), first.field() + " " + first.detail()));
    }
    return new Intake.Accepted(event, catalogue.find(event.getType()).orElseThrow());
  }

  private Plan plan(EmailEvent event, EventType type) {
    var wanted = new ArrayList<Wanted>();
    var renderings = new HashMap<Form, Rendering>();
    for (var candidate : index.candidates(event)) {
      if (candidate.selector().matches(event)) {
        var rendering = rendering(event, form(type, candidate), renderings);
        if (rendering.payload().remaining() > maxPayloadBytes) {
          return new Plan.Rejected(tooLarge(rendering));
        }
        wanted.add(new Wanted(candidate.id().value(), rendering));
      }
    }
    return new Plan.Deliveries(event, wanted, lifetime);
  }

  private static Form form(EventType type, Subscription subscription) {
    var pin = subscription.schemaVersion();
    var version = pin.isPresent() ? type.pinnedAt(pin.get()) : type.newest();
    return new Form(version, subscription.format());
  }

  private static Rendering rendering(EmailEvent event, Form form, Map<Form, Rendering> renderings) {
    return renderings.computeIfAbsent(
        form,
        one ->
            new Rendering(
                one.version().number(),
                one.format(),
                PayloadRenderer.render(event, one.version(), PayloadFormat.of(one.format()))
                    .body()));
  }

  /// The whole event is rejected, also for those whose payload would just fit: it is either
  /// everyone's or nobody's.
  private Rejection tooLarge(Rendering rendering) {
    return new Rejection(
        Rejection.PAYLOAD_TOO_LARGE,
        "its payload has "
            + rendering.payload().remaining()
            + " bytes; at most "
            + maxPayloadBytes
            + " are sent");
  }
}

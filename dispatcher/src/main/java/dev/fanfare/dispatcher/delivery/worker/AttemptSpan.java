package dev.fanfare.dispatcher.delivery.worker;

import dev.fanfare.dispatcher.delivery.outcome.Outcome;
import dev.fanfare.dispatcher.egress.Post;
import dev.fanfare.dispatcher.egress.Reply;
import dev.fanfare.dispatcher.telemetry.Span;
import dev.fanfare.dispatcher.telemetry.Trace;
import dev.fanfare.schemas.avro.Delivery;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// An attempt as a span of its producer's trace. Ids only: no URL, which may hold a credential, no
/// recipient and nothing that was sent.
final class AttemptSpan {
  private AttemptSpan() {}

  /// Empty when the POST went out below the producer's own span.
  static Optional<Span> of(
      Delivery delivery, Post post, Reply reply, Outcome outcome, Instant start, Instant end) {
    var parent = Trace.of(delivery.getTraceparent());
    var own = Trace.of(post.traceparent().orElse(null));
    if (parent.isEmpty() || own.isEmpty() || own.equals(parent)) {
      return Optional.empty();
    }
    var attributes = new HashMap<String, Object>();
    attributes.put("http.request.method", "POST");
    attributes.put("fanfare.subscription", delivery.getSubscriptionId());
    attributes.put("fanfare.delivery", delivery.getDeliveryId());
    attributes.put("fanfare.event", delivery.getEventId());
    attributes.put("fanfare.type", delivery.getType());
    attributes.put("fanfare.attempt", post.attempt());
    attributes.put("fanfare.outcome", AttemptLog.word(outcome));
    if (reply instanceof Reply.Answered answered) {
      attributes.put("http.response.status_code", answered.status());
    }
    var error = outcome instanceof Outcome.Delivered ? null : AttemptLog.status(reply);
    return Optional.of(
        new Span(
            own.get(), parent.get().span(), "POST", start, end, Map.copyOf(attributes), error));
  }
}

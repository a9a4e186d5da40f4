package dev.fanfare.dispatcher.delivery.worker;

import dev.fanfare.dispatcher.egress.Post;
import dev.fanfare.dispatcher.subscription.Endpoint;
import dev.fanfare.schemas.avro.Delivery;
import dev.fanfare.schemas.payload.CloudEventsHeaders;
import dev.fanfare.schemas.payload.PayloadFormat;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The POST that a delivery is made as, to the endpoint as it is now.
final class DeliveryPost {
  private DeliveryPost() {}

  /// @param traceparent what the endpoint's spans are below; null for none
  static Post of(
      Delivery delivery,
      String subscription,
      Endpoint endpoint,
      Duration timeout,
      @Nullable String traceparent) {
    var format = PayloadFormat.of(delivery.getFormat());
    return new Post(
        subscription,
        endpoint.url(),
        delivery.getEventId(),
        delivery.getAttempts() + 1,
        delivery.getPayload(),
        format.contentType(),
        headers(delivery, endpoint, format),
        endpoint.keys(),
        endpoint.credential(),
        timeout,
        Optional.ofNullable(traceparent));
  }

  private static Map<String, String> headers(
      Delivery delivery, Endpoint endpoint, PayloadFormat format) {
    if (!(format instanceof PayloadFormat.CloudEventsBinary)) {
      return endpoint.headers();
    }
    var all = new HashMap<>(endpoint.headers());
    all.putAll(
        CloudEventsHeaders.of(
            delivery.getEventId(),
            delivery.getTenant(),
            delivery.getType(),
            delivery.getOccurredAt(),
            delivery.getMessageId()));
    return all;
  }
}

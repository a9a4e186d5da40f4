package dev.fanfare.dispatcher.api.history;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.dispatcher.api.exchange.ApiProblem;
import dev.fanfare.dispatcher.api.exchange.Json;
import dev.fanfare.dispatcher.log.entry.DeliveryState;
import dev.fanfare.dispatcher.log.query.LogQueries.Story;
import dev.fanfare.schemas.avro.Attempt;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Deliveries and their attempts as JSON.
final class DeliveryJson {
  private DeliveryJson() {}

  static ObjectNode item(DeliveryState state) {
    var names = state.names();
    var last = state.last();
    return Json.object()
        .put("id", names.deliveryId())
        .put("event_id", names.eventId())
        .put("subscription_id", names.subscriptionId())
        .put("tenant", names.tenant())
        .put("type", names.type())
        .put("message_id", names.messageId())
        .put("recipient", names.recipient())
        .put("status", state.status().word())
        .put("attempts", state.attempts())
        .put("created_at", time(state.createdAt()))
        .put("updated_at", time(state.updatedAt()))
        .put("due_at", state.dueAt().map(DeliveryJson::time).orElse(null))
        .put("last_status", last.status() == 0 ? null : (Integer) last.status())
        .put("last_error", last.error().orElse(null))
        .put("reason", last.reason().orElse(null))
        .put("replay_id", names.replayId().orElse(null))
        .put("origin_delivery_id", names.originId().orElse(null));
  }

  static ObjectNode story(Story story) {
    var json = item(story.state());
    json.set("payload", story.opening().map(it -> payload(it.getPayload())).orElse(null));
    json.put("format", story.opening().map(it -> it.getFormat()).orElse(null));
    json.put("expires_at", story.state().expiresAt() == 0 ? null : time(story.state().expiresAt()));
    var history = json.putArray("history");
    story.attempts().forEach(attempt -> history.add(attempt(attempt)));
    return json;
  }

  /// What was sent, which is JSON; null when the log does not keep it.
  private static @Nullable JsonNode payload(ByteBuffer payload) {
    var bytes = bytes(payload);
    if (bytes.length == 0) {
      return null;
    }
    try {
      return Json.read(bytes);
    } catch (ApiProblem e) {
      return Json.object().textNode(new String(bytes, UTF_8)); // shown as it is
    }
  }

  private static ObjectNode attempt(Attempt attempt) {
    var json =
        Json.object()
            .put("attempt", attempt.getAttempt())
            .put("started_at", attempt.getStartedAt().toString())
            .put("outcome", attempt.getOutcome())
            .put("reason", attempt.getReason())
            .put("due_at", attempt.getDueAt() == null ? null : attempt.getDueAt().toString())
            .put("url", attempt.getUrl());
    json.set("request_headers", fields(attempt.getRequestHeaders()));
    json.put("status", attempt.getStatus());
    json.set("response_headers", fields(attempt.getResponseHeaders()));
    var body = attempt.getResponseBody();
    json.put("response_body", body == null ? null : new String(bytes(body), UTF_8));
    json.put("error", attempt.getError());
    json.put("error_message", attempt.getErrorMessage());
    json.putObject("timings_us")
        .put("dns", attempt.getDnsUs())
        .put("connect", attempt.getConnectUs())
        .put("tls", attempt.getTlsUs())
        .put("first_byte", attempt.getFirstByteUs())
        .put("total", attempt.getTotalUs());
    return json.put("worker", attempt.getWorker());
  }

  private static ObjectNode fields(Map<String, String> headers) {
    var json = Json.object();
    headers.forEach(json::put);
    return json;
  }

  static String time(long millis) {
    return Instant.ofEpochMilli(millis).toString();
  }

  private static byte[] bytes(ByteBuffer buffer) {
    var bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }
}

package dev.fanfare.dispatcher.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.dispatcher.api.exchange.FieldError;
import dev.fanfare.dispatcher.api.exchange.Json;
import dev.fanfare.dispatcher.api.exchange.ObjectReading;
import dev.fanfare.dispatcher.control.SubscriptionSpec;
import dev.fanfare.dispatcher.control.SubscriptionView;
import dev.fanfare.dispatcher.control.VerificationView;
import dev.fanfare.retry.ladder.DurationText;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A subscription as JSON, both ways. Durations are written `"5s"`, times as in RFC 3339.
final class SubscriptionJson {
  private SubscriptionJson() {}

  /// @param errors what is no such JSON; the rest of the wish is filled as far as it goes
  record Reading(SubscriptionSpec spec, List<FieldError> errors) {}

  /// @param tenant whose it is when it does not say
  static Reading read(JsonNode json, Optional<String> tenant) {
    var object = ObjectReading.of(json);
    var spec =
        new SubscriptionSpec(
            object.text("tenant").or(() -> tenant).orElse(""),
            object.text("url").orElse(""),
            object.texts("event_types"),
            filter(object),
            object.text("description"),
            object.textMap("headers"),
            AuthenticationJson.read(object),
            object.text("signing").orElse(SubscriptionSpec.DEFAULT_SIGNING),
            object.text("format").orElse(SubscriptionSpec.DEFAULT_FORMAT),
            object.text("schema_version"),
            object.parsedTexts("retry_schedule", SubscriptionJson::duration),
            object.parsed("timeout", SubscriptionJson::duration),
            object.number("rate_limit_per_second"),
            object.integer("max_concurrency"),
            object.text("verify").orElse(SubscriptionSpec.DEFAULT_VERIFY));
    if (json.isObject()) {
      if (tenant.isEmpty()) {
        object.require("tenant");
      }
      object.require("url");
      object.require("event_types");
    }
    object.refuseUnknown();
    return new Reading(spec, object.errors());
  }

  static Optional<SubscriptionSpec.Filter> filter(ObjectReading object) {
    if (!object.has("filter")) {
      return Optional.empty();
    }
    var filter = object.object("filter");
    var read =
        new SubscriptionSpec.Filter(
            filter.texts("inboxes"),
            filter.texts("recipient_domains"),
            filter.texts("tags"),
            filter.texts("streams"),
            filter.textsMap("fields"),
            filter.text("expression"));
    filter.refuseUnknown();
    return Optional.of(read);
  }

  static Duration duration(String text) {
    try {
      return DurationText.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("must be a duration such as 5s, 2m or 1h", e);
    }
  }

  /// What its owner may change, as it is now.
  static ObjectNode writable(SubscriptionView view) {
    var json = write(view);
    if (json.get("authentication") instanceof ObjectNode authentication) {
      // What is not shown is not there: else it would stay when another type takes its place.
      var _ = authentication.properties().removeIf(it -> it.getValue().isNull());
    }
    return json.without(
        List.of(
            "id",
            "public_key",
            "verification",
            "status",
            "status_reason",
            "created_at",
            "updated_at",
            "version"));
  }

  static ObjectNode write(SubscriptionView view) {
    var spec = view.spec();
    var json = Json.object();
    json.put("id", view.id());
    json.put("tenant", spec.tenant());
    json.put("url", spec.url());
    json.set("event_types", texts(spec.eventTypes()));
    json.set("filter", spec.filter().map(SubscriptionJson::filter).orElse(null));
    json.put("description", spec.description().orElse(null));
    json.set("headers", textMap(spec.headers()));
    json.set("authentication", spec.authentication().map(AuthenticationJson::write).orElse(null));
    json.put("signing", spec.signing());
    json.put("public_key", view.publicKey().orElse(null));
    json.put("format", spec.format());
    json.put("schema_version", spec.schemaVersion().orElse(null));
    json.set(
        "retry_schedule", texts(spec.retrySchedule().stream().map(DurationText::format).toList()));
    json.put("timeout", spec.timeout().map(DurationText::format).orElse(null));
    json.put(
        "rate_limit_per_second",
        spec.rateLimitPerSecond().isPresent() ? spec.rateLimitPerSecond().getAsDouble() : null);
    json.put(
        "max_concurrency",
        spec.maxConcurrency().isPresent() ? spec.maxConcurrency().getAsInt() : null);
    json.put("verify", spec.verify());
    json.set("verification", view.verification().map(SubscriptionJson::verification).orElse(null));
    json.put("status", view.status());
    json.put("status_reason", view.statusReason().orElse(null));
    json.put("created_at", view.createdAt().toString());
    json.put("updated_at", view.updatedAt().toString());
    json.put("version", view.version());
    return json;
  }

  private static JsonNode verification(VerificationView view) {
    var rate = view.allowedRatePerMinute();
    return Json.object()
        .put("method", view.method())
        .put("state", view.state())
        .put("checked_at", view.checkedAt().map(Instant::toString).orElse(null))
        .put("detail", view.detail().orElse(null))
        .put("allowed_rate_per_minute", rate.isPresent() ? (Long) rate.getAsLong() : null);
  }

  private static JsonNode filter(SubscriptionSpec.Filter filter) {
    var json = Json.object();
    json.set("inboxes", texts(filter.inboxes()));
    json.set("recipient_domains", texts(filter.recipientDomains()));
    json.set("tags", texts(filter.tags()));
    json.set("streams", texts(filter.streams()));
    var fields = json.putObject("fields");
    filter.fields().forEach((path, values) -> fields.set(path, texts(values)));
    json.put("expression", filter.expression().orElse(null));
    return json;
  }

  private static JsonNode texts(List<String> texts) {
    var array = Json.object().putArray("");
    texts.forEach(array::add);
    return array;
  }

  private static JsonNode textMap(Map<String, String> texts) {
    var object = Json.object();
    texts.forEach(object::put);
    return object;
  }
}

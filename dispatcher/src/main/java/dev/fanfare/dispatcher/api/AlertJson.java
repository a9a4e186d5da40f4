package dev.fanfare.dispatcher.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.dispatcher.alerting.Alerts;
import dev.fanfare.dispatcher.alerting.RuleSpec;
import dev.fanfare.dispatcher.api.exchange.FieldError;
import dev.fanfare.dispatcher.api.exchange.Json;
import dev.fanfare.dispatcher.api.exchange.ObjectReading;
import dev.fanfare.dispatcher.log.alert.AlertKind;
import dev.fanfare.dispatcher.log.alert.AlertRule;
import dev.fanfare.retry.ladder.DurationText;
import dev.fanfare.schemas.avro.Alert;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/// Rules and alerts as JSON.
final class AlertJson {
  private AlertJson() {}

  /// What somebody wants the rules to be.
  ///
  /// @param version that they have seen; null when they did not say
  record Wish(List<RuleSpec> rules, @Nullable Long version, List<FieldError> errors) {}

  static Wish read(JsonNode json) {
    var object = ObjectReading.of(json);
    var version = object.integer("version");
    var errors = new ArrayList<FieldError>();
    var rules = new ArrayList<RuleSpec>();
    object.require("items");
    var items = json.path("items");
    if (object.has("items") && !items.isArray()) {
      errors.add(new FieldError("/items", "must be a list"));
    } else if (items.size() > Alerts.MOST_RULES) {
      errors.add(new FieldError("/items", "must have at most " + Alerts.MOST_RULES + " items"));
    } else {
      for (int i = 0; i < items.size(); i++) {
        rules.add(rule(items.get(i), "/items/" + i, errors));
      }
    }
    object.refuseUnknown();
    errors.addAll(0, object.errors());
    return new Wish(rules, version.isPresent() ? Long.valueOf(version.getAsInt()) : null, errors);
  }

  private static RuleSpec rule(JsonNode json, String at, List<FieldError> errors) {
    var object = ObjectReading.of(json);
    var kind = object.text("kind");
    var threshold = object.number("threshold");
    var resolveBelow = object.number("resolve_below");
    var spec =
        new RuleSpec(
            object.text("id"),
            kind.orElse(""),
            object.text("tenant"),
            object.text("subscription_id"),
            object.text("per").orElse("subscription"),
            number(threshold, kind),
            number(resolveBelow.isPresent() ? resolveBelow : threshold, kind),
            object.parsed("window", AlertJson::window),
            volume(object),
            object.flag("enabled").orElse(true),
            object.texts("notify"));
    if (json.isObject()) {
      object.require("kind");
      if (!isFound(kind)) {
        object.require("threshold");
      }
    }
    object.refuseUnknown();
    object.errors().forEach(it -> errors.add(new FieldError(at + it.pointer(), it.detail())));
    return spec;
  }

  /// What a worker finds has no number.
  private static boolean isFound(Optional<String> kind) {
    return kind.filter(AlertKind.ENDPOINT_DISABLED.code()::equals).isPresent();
  }

  private static double number(OptionalDouble given, Optional<String> kind) {
    return isFound(kind) ? given.orElse(1) : given.orElse(Double.NaN);
  }

  private static Optional<Long> volume(ObjectReading object) {
    var volume = object.integer("minimum_volume");
    return volume.isPresent() ? Optional.of((long) volume.getAsInt()) : Optional.empty();
  }

  private static Duration window(String text) {
    try {
      return DurationText.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("must be a duration such as 5m or 1h", e);
    }
  }

  static ObjectNode rules(Alerts.Owned owned) {
    var json = Json.object();
    var items = json.putArray("items");
    owned.rules().forEach(rule -> items.add(rule(rule)));
    json.put("version", owned.version());
    var channels = json.putArray("channels");
    owned
        .channels()
        .forEach(it -> channels.addObject().put("name", it.name()).put("kind", it.kind().word()));
    return json;
  }

  private static ObjectNode rule(AlertRule rule) {
    var terms = rule.terms();
    var json =
        Json.object()
            .put("id", terms.id())
            .put("kind", rule.kind().code())
            .put("tenant", terms.scope().tenant().orElse(null))
            .put("subscription_id", terms.scope().subscription().orElse(null))
            .put("per", terms.scope().per().word())
            .put("threshold", terms.threshold())
            .put("resolve_below", terms.resolveBelow())
            .put("window", rule.window().map(DurationText::format).orElse(null))
            .put("minimum_volume", rule.minimumVolume() == 0 ? null : (Long) rule.minimumVolume())
            .put("enabled", terms.enabled());
    var notify = json.putArray("notify");
    terms.channels().forEach(notify::add);
    return json;
  }

  /// @param firing whether it still does
  /// @param owned whether the reader owns the rule, and may know who is told
  static ObjectNode alert(Alert alert, boolean firing, boolean owned) {
    var json =
        Json.object()
            .put("id", alert.getId())
            .put("state", alert.getState())
            .put("firing", firing)
            .put("rule", alert.getRule())
            .put("kind", alert.getKind() == null ? alert.getRule() : alert.getKind())
            .put("tenant", alert.getTenant())
            .put("subscription_id", alert.getSubscriptionId())
            .put("summary", alert.getSummary())
            .put("value", alert.getValue())
            .put("threshold", alert.getThreshold())
            .put("at", alert.getAt().toString())
            .put("since", text(alert.getSince()))
            .put("fired_id", alert.getFiredId());
    var told = json.putArray("notifications");
    if (owned && alert.getNotifications() != null) {
      alert
          .getNotifications()
          .forEach(it ->
              told.addObject()
                  .put("channel", it.getChannel())
                  .put("state", it.getState())
                  .put("at", text(it.getAt()))
                  .put("attempts", it.getAttempts())
                  .put("detail", it.getDetail()));
    }
    return json;
  }

  private static @Nullable String text(@Nullable Instant at) {
    return at == null ? null : at.toString();
  }
}

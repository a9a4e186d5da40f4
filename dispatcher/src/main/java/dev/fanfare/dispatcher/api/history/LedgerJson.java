package dev.fanfare.dispatcher.api.history;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.dispatcher.api.exchange.Json;
import dev.fanfare.dispatcher.log.entry.Interruption;
import dev.fanfare.dispatcher.log.entry.Latencies;
import dev.fanfare.dispatcher.log.entry.LetterGroup;
import dev.fanfare.dispatcher.log.entry.Minute;
import dev.fanfare.dispatcher.log.query.LogQueries.Lost;
import dev.fanfare.dispatcher.log.query.LogQueries.Step;
import dev.fanfare.dispatcher.log.query.LogQueries.Sum;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Sums, steps and groups as JSON.
final class LedgerJson {
  private static final double MICROS = 1_000.0;

  private LedgerJson() {}

  static JsonNode group(LetterGroup group) {
    return Json.object()
        .put("subscription_id", group.subscriptionId())
        .put("tenant", group.tenant())
        .put("reason", group.reason())
        .put("fingerprint", group.fingerprint())
        .put("last_status", group.lastStatus() == 0 ? null : (Integer) group.lastStatus())
        .put("last_error", group.lastError().orElse(null))
        .put("count", group.count())
        .put("first_at", DeliveryJson.time(group.firstAt()))
        .put("last_at", DeliveryJson.time(group.lastAt()))
        .put("sample_delivery_id", group.sampleDeliveryId());
  }

  static JsonNode step(Step step) {
    var json = Json.object().put("at", DeliveryJson.time(step.at()));
    return minute(json, step.sum());
  }

  static ObjectNode minute(ObjectNode json, Minute sum) {
    json.put("opened", sum.opened())
        .put("attempts", sum.attempts())
        .put("delivered", sum.delivered())
        .put("failed", sum.failed())
        .put("dead_lettered", sum.deadLettered())
        .put("deferred", sum.deferred());
    latency(json.putObject("latency_ms"), sum.latency());
    return json;
  }

  private static void latency(ObjectNode json, Latencies latencies) {
    json.put("p50", millis(latencies.percentile(0.5)));
    json.put("p95", millis(latencies.percentile(0.95)));
    json.put("p99", millis(latencies.percentile(0.99)));
  }

  private static @Nullable Double millis(OptionalLong micros) {
    return micros.isPresent() ? (Double) (micros.getAsLong() / MICROS) : null;
  }

  static ObjectNode sum(Sum sum) {
    var account = sum.account();
    return Json.object()
        .put("opened", account.opened())
        .put("delivered", account.delivered())
        .put("dead_lettered", account.deadLettered())
        .put("cancelled", account.cancelled())
        .put("waiting", account.waiting())
        .put("unaccounted", account.unaccounted())
        .put("balanced_at", sum.balancedAt() == 0 ? null : DeliveryJson.time(sum.balancedAt()))
        .put("complete", sum.missing().isEmpty() && sum.balancedAt() > 0);
  }

  static JsonNode breaker(Interruption one, long now) {
    boolean open = one.isOpen(now);
    return Json.object()
        .put("subscription_id", one.subscriptionId())
        .put("tenant", one.tenant())
        .put("state", open ? "open" : "half_open")
        .put("until", open ? DeliveryJson.time(one.until()) : null)
        .put("last_attempt_at", DeliveryJson.time(one.seenAt()));
  }

  static JsonNode lost(Lost lost) {
    var json = DeliveryJson.item(lost.state());
    json.put("finding", lost.finding().word());
    json.put(
        "last_seen_at",
        lost.state().place().map(it -> DeliveryJson.time(it.seenAt())).orElse(null));
    return json.put("rung", lost.state().place().map(it -> it.rung()).orElse(null));
  }
}

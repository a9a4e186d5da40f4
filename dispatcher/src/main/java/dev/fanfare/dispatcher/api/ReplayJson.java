package dev.fanfare.dispatcher.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.dispatcher.api.exchange.FieldError;
import dev.fanfare.dispatcher.api.exchange.Json;
import dev.fanfare.dispatcher.api.exchange.ObjectReading;
import dev.fanfare.dispatcher.control.ReplaySpec;
import dev.fanfare.dispatcher.control.ReplayView;
import dev.fanfare.retry.deadletter.Fingerprint;
import dev.fanfare.retry.replay.ReplayFilter;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// A replay as JSON, both ways. Times are written as in RFC 3339.
final class ReplayJson {
  /// Of RFC 3339, whose years have four digits.
  private static final Instant END = Instant.parse("+10000-01-01T00:00:00Z");

  private ReplayJson() {}

  /// @param errors what is no such JSON; the rest of the wish is filled as far as it goes
  record Reading(ReplaySpec spec, boolean dryRun, List<FieldError> errors) {}

  static Reading read(JsonNode json) {
    var object = ObjectReading.of(json);
    var rate = object.number("rate");
    var spec =
        new ReplaySpec(
            object.text("source").orElse(""),
            filter(object.object("filter")),
            rate.isPresent() ? Optional.of(rate.getAsDouble()) : Optional.empty());
    boolean dryRun = object.flag("dry_run").orElse(false);
    if (json.isObject()) {
      object.require("source");
    }
    object.refuseUnknown();
    return new Reading(spec, dryRun, object.errors());
  }

  private static ReplayFilter filter(ObjectReading filter) {
    var read =
        new ReplayFilter(
            filter.text("subscription"),
            filter.text("tenant"),
            new HashSet<>(filter.texts("types")),
            filter.parsed("since", ReplayJson::time),
            filter.parsed("until", ReplayJson::time),
            filter.text("status"),
            new HashSet<>(filter.texts("reasons")),
            filter.parsed("fingerprint", Fingerprint::new),
            filter.text("recipient"),
            new HashSet<>(filter.texts("ids")));
    filter.refuseUnknown();
    return read;
  }

  private static Instant time(String text) {
    try {
      var at = OffsetDateTime.parse(text).toInstant();
      if (!at.isBefore(Instant.EPOCH) && at.isBefore(END)) {
        return at;
      }
    } catch (DateTimeException e) {
      // Said below.
    }
    throw new IllegalArgumentException("must be a time such as 2026-11-24T06:00:00Z");
  }

  static ObjectNode write(ReplayView view) {
    var job = view.job();
    var progress = job.state().progress();
    var seconds = view.estimatedSeconds();
    var json =
        Json.object()
            .put("id", job.id())
            .put("tenant", job.tenant().orElse(null))
            .put("source", job.source().code());
    json.set("filter", write(job.filter()));
    return json.put("rate", view.rate())
        .put("state", job.state().word())
        .put("requested", view.requested().orElse(null))
        .put("total", progress.total())
        .put("released", progress.released())
        .put("skipped", progress.skipped())
        .put("unread", progress.unread())
        .put("estimated_seconds", seconds.isPresent() ? seconds.getAsLong() : null)
        .put("error", job.error().orElse(null))
        .put("created_at", job.createdAt().toString())
        .put("updated_at", job.updatedAt().toString());
  }

  /// What is given only.
  private static ObjectNode write(ReplayFilter filter) {
    var json = Json.object();
    filter.subscription().ifPresent(it -> json.put("subscription", it));
    filter.tenant().ifPresent(it -> json.put("tenant", it));
    put(json, "types", filter.types());
    filter.since().ifPresent(it -> json.put("since", it.toString()));
    filter.until().ifPresent(it -> json.put("until", it.toString()));
    filter.status().ifPresent(it -> json.put("status", it));
    put(json, "reasons", filter.reasons());
    filter.fingerprint().ifPresent(it -> json.put("fingerprint", it.value()));
    filter.recipient().ifPresent(it -> json.put("recipient", it));
    put(json, "ids", filter.ids());
    return json;
  }

  private static void put(ObjectNode json, String name, Collection<String> texts) {
    if (!texts.isEmpty()) {
      texts.stream().sorted().forEach(json.putArray(name)::add);
    }
  }
}

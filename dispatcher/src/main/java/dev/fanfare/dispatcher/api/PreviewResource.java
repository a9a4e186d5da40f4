package dev.fanfare.dispatcher.api;

import dev.fanfare.dispatcher.api.exchange.Answer;
import dev.fanfare.dispatcher.api.exchange.ApiProblem;
import dev.fanfare.dispatcher.api.exchange.Call;
import dev.fanfare.dispatcher.api.exchange.Json;
import dev.fanfare.dispatcher.api.exchange.ObjectReading;
import dev.fanfare.dispatcher.api.exchange.Problem;
import dev.fanfare.dispatcher.control.FilterPreview;
import java.time.Instant;
import java.util.List;

/// `/v1/subscriptions/preview`: what a filter would have let through lately.
final class PreviewResource {
  private final FilterPreview preview;

  PreviewResource(FilterPreview preview) {
    this.preview = preview;
  }

  Answer tried(Call call) {
    call.allowParameters();
    var object = ObjectReading.of(Json.read(call.jsonBytes()));
    var tenant = object.text("tenant").or(() -> call.caller().tenant()).orElse("");
    var types = object.texts("event_types");
    var filter = SubscriptionJson.filter(object);
    if (call.caller().tenant().isEmpty()) {
      object.require("tenant");
    }
    object.require("event_types");
    object.refuseUnknown();
    if (!object.errors().isEmpty()) {
      throw Refusals.invalid(object.errors(), List.of());
    }
    if (!call.caller().sees(tenant)) {
      throw new ApiProblem(Problem.forbidden("a tenant tries filters on its own events only"));
    }
    var found = Refusals.done(preview.of(new FilterPreview.Wish(tenant, types, filter)), "tenant");
    var json = Json.object();
    json.put("matched", found.matched());
    json.put("of", found.of());
    json.put("complete", found.complete());
    json.put("oldest", found.oldest().map(Instant::toString).orElse(null));
    var samples = json.putArray("samples");
    found
        .samples()
        .forEach(event ->
            samples
                .addObject()
                .put("event_id", event.getEventId())
                .put("type", event.getType())
                .put("occurred_at", event.getOccurredAt().toString())
                .put("message_id", event.getMessageId()));
    return Answer.json(200, json);
  }
}

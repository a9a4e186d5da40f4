package dev.fanfare.dispatcher.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.dispatcher.api.exchange.Answer;
import dev.fanfare.dispatcher.api.exchange.Call;
import dev.fanfare.dispatcher.api.exchange.Json;
import dev.fanfare.dispatcher.api.exchange.ObjectReading;
import dev.fanfare.dispatcher.control.EndpointTrial;
import dev.fanfare.dispatcher.control.Subscriptions;
import dev.fanfare.dispatcher.egress.Reply;
import java.util.List;

/// `/v1/subscriptions/{id}/test`: what an endpoint answers to a signed example.
final class TrialResource {
  private static final String NOUN = "subscription";

  private final Subscriptions subscriptions;
  private final EndpointTrial trial;

  TrialResource(Subscriptions subscriptions, EndpointTrial trial) {
    this.subscriptions = subscriptions;
    this.trial = trial;
  }

  Answer attempt(Call call) {
    call.allowParameters();
    var view =
        subscriptions
            .find(call.variable("id"))
            .filter(it -> call.caller().sees(it.spec().tenant()))
            .orElseThrow(() -> Refusals.unknown(NOUN));
    var body = call.body().get();
    var object =
        ObjectReading.of(body.length == 0 ? Json.object() : Json.read(call.jsonBytes(body)));
    var type = object.text("type");
    object.refuseUnknown();
    if (!object.errors().isEmpty()) {
      throw Refusals.invalid(object.errors(), List.of());
    }
    return Answer.json(
        200, write(Refusals.done(trial.attempt(view.id(), type.orElse(null)), NOUN)));
  }

  private static ObjectNode write(EndpointTrial.Tried tried) {
    var json = Json.object();
    json.put("event_id", tried.eventId());
    json.put("type", tried.type());
    switch (tried.reply()) {
      case Reply.Answered answered -> {
        json.put("outcome", "answered");
        json.put("status", answered.status());
        json.put("response_body", UTF_8.decode(answered.body().duplicate()).toString());
      }
      case Reply.Unanswered(var fault, var message, _) -> {
        json.put("outcome", "unanswered");
        json.put("error", fault.code());
        json.put("error_message", message);
      }
      case Reply.Blocked(var address, _) -> {
        json.put("outcome", "blocked");
        json.put("error", "blocked_address");
        json.put("error_message", "nothing is sent to " + address);
      }
    }
    json.put("total_us", tried.reply().timings().total());
    return json;
  }
}

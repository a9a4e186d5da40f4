package dev.fanfare.dispatcher.api;

import dev.fanfare.dispatcher.access.Caller;
import dev.fanfare.dispatcher.api.exchange.Answer;
import dev.fanfare.dispatcher.api.exchange.ApiProblem;
import dev.fanfare.dispatcher.api.exchange.Call;
import dev.fanfare.dispatcher.api.exchange.IdempotencyKeys;
import dev.fanfare.dispatcher.api.exchange.Json;
import dev.fanfare.dispatcher.api.exchange.Problem;
import dev.fanfare.dispatcher.control.Creation;
import dev.fanfare.dispatcher.control.SubscriptionView;
import dev.fanfare.dispatcher.control.Subscriptions;
import dev.fanfare.dispatcher.control.Subscriptions.Removal;
import java.util.List;

/// `/v1/subscriptions`.
final class SubscriptionResource {
  private static final String PATH = "/v1/subscriptions/";
  private static final String NOUN = "subscription";

  private final Subscriptions subscriptions;
  private final IdempotencyKeys idempotency;

  SubscriptionResource(Subscriptions subscriptions, IdempotencyKeys idempotency) {
    this.subscriptions = subscriptions;
    this.idempotency = idempotency;
  }

  Answer create(Call call) {
    call.allowParameters();
    var body = call.jsonBytes();
    return idempotency.once(call, body, () -> create(body, call.caller()));
  }

  private Answer create(byte[] body, Caller caller) {
    var reading = SubscriptionJson.read(Json.read(body), caller.tenant());
    if (!reading.spec().tenant().isEmpty() && !caller.sees(reading.spec().tenant())) {
      throw new ApiProblem(Problem.forbidden("a tenant makes subscriptions for itself only"));
    }
    if (!reading.errors().isEmpty()) {
      throw Refusals.invalid(reading.errors(), subscriptions.problems(reading.spec()));
    }
    return switch (subscriptions.create(reading.spec())) {
      case Creation.Created(var made, var keys) -> {
        var json = SubscriptionJson.write(made);
        json.put("secret", keys.secret().orElse(null));
        yield Answer.json(201, json).with("Location", PATH + made.id());
      }
      case Creation.Refused(var problems) -> throw Refusals.invalid(List.of(), problems);
      case Creation.Unavailable(var why) -> throw Refusals.unavailable(why);
    };
  }

  Answer list(Call call) {
    call.allowParameters("tenant", "limit", "cursor");
    return Lists.answer(
        subscriptions.list(call.tenant().orElse(null), Lists.after(call), Lists.limit(call)),
        SubscriptionJson::write);
  }

  Answer show(Call call) {
    call.allowParameters();
    return Answer.json(200, SubscriptionJson.write(find(call)));
  }

  Answer secret(Call call) {
    call.allowParameters();
    return subscriptions
        .keys(find(call).id())
        .map(keys -> {
          var json = Json.object();
          json.put("secret", keys.secret().orElse(null));
          json.put("public_key", keys.publicKey().orElse(null));
          return Answer.json(200, json);
        })
        .orElseThrow(() -> Refusals.unknown(NOUN));
  }

  Answer remove(Call call) {
    call.allowParameters();
    return switch (subscriptions.remove(find(call).id())) {
      case Removal.Removed() -> Answer.noContent();
      case Removal.Unknown() -> throw Refusals.unknown(NOUN);
      case Removal.Unavailable(var why) -> throw Refusals.unavailable(why);
    };
  }

  private SubscriptionView find(Call call) {
    return subscriptions
        .find(call.variable("id"))
        .filter(it -> call.caller().sees(it.spec().tenant()))
        .orElseThrow(() -> Refusals.unknown(NOUN));
  }
}

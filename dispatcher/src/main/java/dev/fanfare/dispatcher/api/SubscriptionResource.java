package dev.fanfare.dispatcher.api;

import dev.fanfare.dispatcher.api.exchange.Answer;
import dev.fanfare.dispatcher.api.exchange.ApiProblem;
import dev.fanfare.dispatcher.api.exchange.Call;
import dev.fanfare.dispatcher.api.exchange.Cursor;
import dev.fanfare.dispatcher.api.exchange.FieldError;
import dev.fanfare.dispatcher.api.exchange.IdempotencyKeys;
import dev.fanfare.dispatcher.api.exchange.Json;
import dev.fanfare.dispatcher.api.exchange.Problem;
import dev.fanfare.dispatcher.control.Creation;
import dev.fanfare.dispatcher.control.RequestProblem;
import dev.fanfare.dispatcher.control.Subscriptions;
import dev.fanfare.dispatcher.control.Subscriptions.Removal;
import java.util.ArrayList;
import java.util.List;

/// `/v1/subscriptions`.
final class SubscriptionResource {
  private static final String PATH = "/v1/subscriptions/";
  private static final int USUAL_PAGE = 50;
  private static final int LARGEST_PAGE = 200;
  private static final int RETRY_AFTER = 5;

  private final Subscriptions subscriptions;
  private final IdempotencyKeys idempotency;

  SubscriptionResource(Subscriptions subscriptions, IdempotencyKeys idempotency) {
    this.subscriptions = subscriptions;
    this.idempotency = idempotency;
  }

  Answer create(Call call) {
    call.allowParameters();
    var body = call.jsonBytes();
    return idempotency.once(call, body, () -> create(body));
  }

  private Answer create(byte[] body) {
    var reading = SubscriptionJson.read(Json.read(body));
    if (!reading.errors().isEmpty()) {
      throw invalid(reading.errors(), subscriptions.problems(reading.spec()));
    }
    return switch (subscriptions.create(reading.spec())) {
      case Creation.Created(var made, var keys) -> {
        var json = SubscriptionJson.write(made);
        json.put("secret", keys.secret().orElse(null));
        yield Answer.json(201, json).with("Location", PATH + made.id());
      }
      case Creation.Refused(var problems) -> throw invalid(List.of(), problems);
      case Creation.Unavailable(var why) -> throw unavailable(why);
    };
  }

  Answer list(Call call) {
    call.allowParameters("tenant", "limit", "cursor");
    var page =
        subscriptions.list(
            call.parameter("tenant").orElse(null),
            call.parameter("cursor").map(Cursor::read).orElse(null),
            call.parameter("limit").map(SubscriptionResource::limit).orElse(USUAL_PAGE));
    var json = Json.object();
    var items = json.putArray("items");
    page.items().forEach(item -> items.add(SubscriptionJson.write(item)));
    json.put("next_cursor", page.next().map(Cursor::after).orElse(null));
    return Answer.json(200, json);
  }

  Answer show(Call call) {
    call.allowParameters();
    return subscriptions
        .find(call.variable("id"))
        .map(view -> Answer.json(200, SubscriptionJson.write(view)))
        .orElseThrow(SubscriptionResource::unknown);
  }

  Answer secret(Call call) {
    call.allowParameters();
    return subscriptions
        .keys(call.variable("id"))
        .map(keys -> {
          var json = Json.object();
          json.put("secret", keys.secret().orElse(null));
          json.put("public_key", keys.publicKey().orElse(null));
          return Answer.json(200, json);
        })
        .orElseThrow(SubscriptionResource::unknown);
  }

  Answer remove(Call call) {
    call.allowParameters();
    return switch (subscriptions.remove(call.variable("id"))) {
      case Removal.Removed() -> Answer.noContent();
      case Removal.Unknown() -> throw unknown();
      case Removal.Unavailable(var why) -> throw unavailable(why);
    };
  }

  private static ApiProblem unknown() {
    return new ApiProblem(Problem.notFound("there is no subscription of this id"));
  }

  private static ApiProblem unavailable(String why) {
    return new ApiProblem(Problem.unavailable(why, RETRY_AFTER));
  }

  private static int limit(String text) {
    if (text.matches("\\d{1,4}")) {
      int limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= LARGEST_PAGE) {
        return limit;
      }
    }
    throw new ApiProblem(
        Problem.malformed("limit must be a whole number from 1 to " + LARGEST_PAGE));
  }

  /// All at once; where a field could not be read, what follows from that is left out.
  private static ApiProblem invalid(List<FieldError> unreadable, List<RequestProblem> others) {
    var all = new ArrayList<>(unreadable);
    for (var other : others) {
      if (unreadable.stream().noneMatch(it -> concerns(it.pointer(), other.pointer()))) {
        all.add(new FieldError(other.pointer(), other.detail()));
      }
    }
    return new ApiProblem(Problem.invalid(all));
  }

  private static boolean concerns(String unreadable, String other) {
    return unreadable.isEmpty()
        || unreadable.equals(other)
        || unreadable.startsWith(other + "/")
        || other.startsWith(unreadable + "/");
  }
}

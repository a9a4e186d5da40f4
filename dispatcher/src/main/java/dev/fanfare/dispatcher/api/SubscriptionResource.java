package dev.fanfare.dispatcher.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.dispatcher.access.Caller;
import dev.fanfare.dispatcher.api.exchange.Answer;
import dev.fanfare.dispatcher.api.exchange.ApiProblem;
import dev.fanfare.dispatcher.api.exchange.Call;
import dev.fanfare.dispatcher.api.exchange.Cursor;
import dev.fanfare.dispatcher.api.exchange.IdempotencyKeys;
import dev.fanfare.dispatcher.api.exchange.Json;
import dev.fanfare.dispatcher.api.exchange.MergePatch;
import dev.fanfare.dispatcher.api.exchange.ObjectReading;
import dev.fanfare.dispatcher.api.exchange.Problem;
import dev.fanfare.dispatcher.control.Change;
import dev.fanfare.dispatcher.control.Creation;
import dev.fanfare.dispatcher.control.Ownership;
import dev.fanfare.dispatcher.control.SubscriptionSpec;
import dev.fanfare.dispatcher.control.SubscriptionView;
import dev.fanfare.dispatcher.control.Subscriptions;
import dev.fanfare.dispatcher.subscription.Place;
import java.util.List;
import java.util.Optional;

/// `/v1/subscriptions`.
final class SubscriptionResource {
  private static final String PATH = "/v1/subscriptions/";
  private static final String NOUN = "subscription";
  private static final int MOST_TRIES = 10;

  private final Subscriptions subscriptions;
  private final Ownership ownership;
  private final IdempotencyKeys idempotency;

  SubscriptionResource(
      Subscriptions subscriptions, Ownership ownership, IdempotencyKeys idempotency) {
    this.subscriptions = subscriptions;
    this.ownership = ownership;
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
        var shown = asked(made);
        var json = SubscriptionJson.write(shown);
        json.put("secret", keys.secret().orElse(null));
        yield Answer.json(201, json).with("Location", PATH + shown.id()).with("ETag", tag(shown));
      }
      case Creation.Refused(var problems) -> throw Refusals.invalid(List.of(), problems);
      case Creation.Unavailable(var why) -> throw Refusals.unavailable(why);
    };
  }

  Answer list(Call call) {
    call.allowParameters("tenant", "limit", "cursor");
    var after = call.parameter("cursor").map(it -> Cursor.read(it, Place::parse)).orElse(null);
    return Lists.answer(
        subscriptions.list(call.tenant().orElse(null), after, Lists.limit(call)),
        SubscriptionJson::write);
  }

  Answer show(Call call) {
    call.allowParameters();
    return shown(find(call));
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

  /// A merge patch; without `If-Match` it is applied to whatever is there when it is written.
  Answer change(Call call) {
    call.allowParameters();
    var patch = Json.read(call.mergePatchBytes());
    for (int i = 0; i < MOST_TRIES; i++) {
      var view = find(call);
      boolean bound = requireVersion(call, view);
      var changed = subscriptions.change(view.id(), view.version(), patched(view, patch));
      if (!(changed instanceof Change.Conflict) || bound) {
        return shown(asked(done(changed)));
      }
    }
    throw new ApiProblem(Problem.conflict("it is being changed all the time; try again"));
  }

  private SubscriptionSpec patched(SubscriptionView view, JsonNode patch) {
    var reading =
        SubscriptionJson.read(
            MergePatch.apply(SubscriptionJson.writable(view), patch), Optional.empty());
    if (!reading.errors().isEmpty()) {
      throw Refusals.invalid(reading.errors(), subscriptions.problems(reading.spec()));
    }
    if (!reading.spec().tenant().equals(view.spec().tenant())) {
      throw Refusals.fixed("/tenant");
    }
    return reading.spec();
  }

  /// Asks the endpoint where it has to show something; what it says is in the view. It is made all
  /// the same when it can't be asked now: then it stays pending, and nothing is sent.
  private SubscriptionView asked(SubscriptionView view) {
    boolean pending = view.verification().filter(it -> it.state().equals("pending")).isPresent();
    return pending && ownership.verify(view.id()) instanceof Change.Done<SubscriptionView>(var now)
        ? now
        : view;
  }

  /// Asks the endpoint, again or for the first time.
  Answer verify(Call call) {
    call.allowParameters();
    return shown(Refusals.done(ownership.verify(find(call).id()), NOUN));
  }

  Answer pause(Call call) {
    call.allowParameters();
    return shown(Refusals.done(subscriptions.pause(find(call).id()), NOUN));
  }

  Answer resume(Call call) {
    call.allowParameters();
    return shown(Refusals.done(subscriptions.resume(find(call).id()), NOUN));
  }

  Answer rotate(Call call) {
    call.allowParameters();
    var id = find(call).id();
    var body = call.body().get();
    var wish = body.length == 0 ? Json.object() : Json.read(call.jsonBytes(body));
    return idempotency.once(call, body, () -> rotate(id, wish));
  }

  private Answer rotate(String id, JsonNode wish) {
    var object = ObjectReading.of(wish);
    var overlap =
        object.parsed("overlap", SubscriptionJson::duration).orElse(Subscriptions.USUAL_OVERLAP);
    object.refuseUnknown();
    if (!object.errors().isEmpty()) {
      throw Refusals.invalid(object.errors(), List.of());
    }
    var rotated = Refusals.done(subscriptions.rotate(id, overlap), NOUN);
    var json = Json.object();
    json.put("secret", rotated.keys().secret().orElse(null));
    json.put("public_key", rotated.keys().publicKey().orElse(null));
    json.put("live", rotated.live());
    json.put("previous_until", rotated.until().toString());
    return Answer.json(200, json);
  }

  Answer remove(Call call) {
    call.allowParameters();
    var view = find(call);
    long version = requireVersion(call, view) ? view.version() : 0;
    var _ = done(subscriptions.remove(view.id(), version));
    return Answer.noContent();
  }

  /// Whether the client names the version that it means.
  ///
  /// @throws ApiProblem 412 if it is another
  private static boolean requireVersion(Call call, SubscriptionView view) {
    var wanted = call.header("if-match");
    if (wanted.isEmpty() || wanted.get().strip().equals("*")) {
      return false;
    }
    for (var tag : wanted.get().split(",", -1)) {
      if (tag.strip().equals(tag(view))) {
        return true;
      }
    }
    throw outdated(view);
  }

  private static ApiProblem outdated(SubscriptionView view) {
    return new ApiProblem(
        Problem.preconditionFailed("it is of version " + view.version() + "; read it again"));
  }

  /// Somebody else was first, after the version had been compared.
  private static <T> T done(Change<T> change) {
    if (change instanceof Change.Conflict<T>(var why)) {
      throw new ApiProblem(Problem.preconditionFailed(why));
    }
    return Refusals.done(change, NOUN);
  }

  private static Answer shown(SubscriptionView view) {
    return Answer.json(200, SubscriptionJson.write(view)).with("ETag", tag(view));
  }

  private static String tag(SubscriptionView view) {
    return "\"" + view.version() + "\"";
  }

  private SubscriptionView find(Call call) {
    return subscriptions
        .find(call.variable("id"))
        .filter(it -> call.caller().sees(it.spec().tenant()))
        .orElseThrow(() -> Refusals.unknown(NOUN));
  }
}

package dev.fanfare.dispatcher.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fanfare.dispatcher.access.Caller;
import dev.fanfare.dispatcher.api.exchange.Answer;
import dev.fanfare.dispatcher.api.exchange.Call;
import dev.fanfare.dispatcher.api.exchange.IdempotencyKeys;
import dev.fanfare.dispatcher.api.exchange.Json;
import dev.fanfare.dispatcher.api.exchange.ObjectReading;
import dev.fanfare.dispatcher.control.Change;
import dev.fanfare.dispatcher.control.ReplayView;
import dev.fanfare.dispatcher.control.Replays;
import java.util.List;
import java.util.function.BiFunction;

/// `/v1/replays`, and `/v1/deliveries/{id}/replay`.
final class ReplayResource {
  private static final String PATH = "/v1/replays/";
  private static final String NOUN = "replay";

  private final Replays replays;
  private final IdempotencyKeys idempotency;

  ReplayResource(Replays replays, IdempotencyKeys idempotency) {
    this.replays = replays;
    this.idempotency = idempotency;
  }

  Answer create(Call call) {
    call.allowParameters();
    var body = call.jsonBytes();
    return idempotency.once(call, body, () -> create(call, body));
  }

  private Answer create(Call call, byte[] body) {
    var reading = ReplayJson.read(Json.read(body));
    if (!reading.errors().isEmpty()) {
      throw Refusals.invalid(reading.errors(), replays.problems(reading.spec(), call.caller()));
    }
    if (reading.dryRun()) {
      var estimate = Refusals.done(replays.estimate(reading.spec(), call.caller()), NOUN);
      return Answer.json(
          200,
          Json.object()
              .put("count", estimate.count())
              .put("estimated_seconds", estimate.seconds()));
    }
    return made(replays.create(reading.spec(), call.caller(), request(call, body)), NOUN);
  }

  /// Of one delivery.
  Answer again(Call call) {
    call.allowParameters();
    var body = call.header("content-type").isPresent() ? call.jsonBytes() : new byte[0];
    if (body.length > 0) {
      var object = ObjectReading.of(Json.read(body));
      object.refuseUnknown();
      if (!object.errors().isEmpty()) {
        throw Refusals.invalid(object.errors(), List.of());
      }
    }
    return idempotency.once(
        call,
        body,
        () ->
            made(
                replays.again(call.variable("id"), call.caller(), request(call, body)),
                "delivery"));
  }

  private static Answer made(Change<ReplayView> change, String noun) {
    var view = Refusals.done(change, noun);
    return Answer.json(201, ReplayJson.write(view)).with("Location", PATH + view.job().id());
  }

  Answer list(Call call) {
    call.allowParameters("tenant", "limit", "cursor");
    return Lists.answer(
        replays.list(call.tenant().orElse(null), Lists.after(call), Lists.limit(call)),
        ReplayJson::write);
  }

  Answer show(Call call) {
    call.allowParameters();
    return replays
        .find(call.variable("id"), call.caller())
        .map(view -> Answer.json(200, ReplayJson.write(view)))
        .orElseThrow(() -> Refusals.unknown(NOUN));
  }

  Answer pause(Call call) {
    return command(call, replays::pause);
  }

  Answer resume(Call call) {
    return command(call, replays::resume);
  }

  Answer cancel(Call call) {
    return command(call, replays::cancel);
  }

  /// 202: its owner will do it in a moment.
  private static Answer command(Call call, BiFunction<String, Caller, Change<ReplayView>> command) {
    call.allowParameters();
    var view = Refusals.done(command.apply(call.variable("id"), call.caller()), NOUN);
    return Answer.json(202, ReplayJson.write(view));
  }

  /// What makes a request that may come again this one; empty when it has no key.
  private static byte[] request(Call call, byte[] body) {
    return call.header("idempotency-key")
        .map(key -> (key + "\n" + call.path() + "\n" + new String(body, UTF_8)).getBytes(UTF_8))
        .orElse(new byte[0]);
  }
}

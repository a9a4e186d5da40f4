package dev.fanfare.dispatcher.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.dispatcher.api.exchange.Answer;
import dev.fanfare.dispatcher.api.exchange.ApiProblem;
import dev.fanfare.dispatcher.api.exchange.Call;
import dev.fanfare.dispatcher.api.exchange.FieldError;
import dev.fanfare.dispatcher.api.exchange.IdempotencyKeys;
import dev.fanfare.dispatcher.api.exchange.Json;
import dev.fanfare.dispatcher.api.exchange.Problem;
import dev.fanfare.dispatcher.control.Acceptance;
import dev.fanfare.dispatcher.control.EventIntake;
import java.nio.ByteBuffer;
import java.util.ArrayList;

/// `/v1/events`: one event, or an array of them that is taken as a whole or not at all, or lines.
final class EventResource {
  private static final int RETRY_AFTER = 5;

  private final EventIntake intake;
  private final IdempotencyKeys idempotency;
  private final BodyLimits limits;
  private final EventLinesResource lines;

  EventResource(EventIntake intake, IdempotencyKeys idempotency, BodyLimits limits) {
    this.intake = intake;
    this.idempotency = idempotency;
    this.limits = limits;
    this.lines = new EventLinesResource(intake, idempotency, limits);
  }

  Answer accept(Call call) {
    call.allowParameters();
    if (call.mediaType().equals(EventLinesResource.MEDIA_TYPE)) {
      return lines.accept(call);
    }
    var body = call.jsonBytes();
    return idempotency.once(
        call,
        body,
        () -> {
          var json = read(body);
          return answer(
              json,
              call.header("idempotency-key")
                  .map(key -> intake.accept(json, call.caller(), request(key, body)))
                  .orElseGet(() -> intake.accept(json, call.caller())));
        });
  }

  private static Answer answer(JsonNode json, Acceptance acceptance) {
    return switch (acceptance) {
      case Acceptance.Accepted(var ids) when json.isArray() -> {
        var answer = Json.object();
        var items = answer.putArray("items");
        ids.forEach(id -> items.addObject().put("event_id", id.value()));
        yield Answer.json(202, answer);
      }
      case Acceptance.Accepted(var ids) ->
          Answer.json(202, Json.object().put("event_id", ids.getFirst().value()));
      case Acceptance.Refused(var problems) ->
          throw new ApiProblem(
              Problem.invalid(
                  problems.stream().map(it -> new FieldError(it.pointer(), it.detail())).toList()));
      case Acceptance.Unavailable(var why) ->
          throw new ApiProblem(Problem.unavailable(why, RETRY_AFTER));
    };
  }

  private JsonNode read(byte[] body) {
    var errors = new ArrayList<FieldError>();
    var tooLong = "must not be longer than " + limits.event() + " bytes";
    var json =
        Json.readEach(
            body, limits.event(), index -> errors.add(new FieldError("/" + index, tooLong)));
    if (json.isArray() && json.size() > limits.events()) {
      throw new ApiProblem(
          Problem.tooLarge("one request has at most " + limits.events() + " events"));
    }
    if (!json.isArray() && !errors.isEmpty()) {
      throw new ApiProblem(Problem.tooLarge("one event has at most " + limits.event() + " bytes"));
    }
    if (!errors.isEmpty()) {
      throw new ApiProblem(Problem.invalid(errors));
    }
    return json;
  }

  private static ByteBuffer request(String key, byte[] body) {
    var name = key.getBytes(UTF_8);
    return ByteBuffer.allocate(name.length + 1 + body.length)
        .put(name)
        .put((byte) '\n')
        .put(body)
        .flip();
  }
}

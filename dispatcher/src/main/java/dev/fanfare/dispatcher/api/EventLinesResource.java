package dev.fanfare.dispatcher.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.dispatcher.api.exchange.Answer;
import dev.fanfare.dispatcher.api.exchange.ApiProblem;
import dev.fanfare.dispatcher.api.exchange.Call;
import dev.fanfare.dispatcher.api.exchange.IdempotencyKeys;
import dev.fanfare.dispatcher.api.exchange.Json;
import dev.fanfare.dispatcher.api.exchange.LineReader;
import dev.fanfare.dispatcher.api.exchange.LineReader.Text;
import dev.fanfare.dispatcher.api.exchange.Problem;
import dev.fanfare.dispatcher.control.EventInflow;
import dev.fanfare.dispatcher.control.EventInflow.Tally;
import dev.fanfare.dispatcher.control.EventIntake;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/// `/v1/events` as a stream of lines (NDJSON): an event a line, each for itself, as many as there
/// are. One answer at the end says how many Kafka has, and what was wrong in which line.
final class EventLinesResource {
  static final String MEDIA_TYPE = "application/x-ndjson";
  private static final int RETRY_AFTER = 5;

  /// Of events that wait and are written, as objects.
  private static final int HELD = 4 * EventInflow.MOST_BYTES_WAITING;

  private final EventIntake intake;
  private final IdempotencyKeys idempotency;
  private final BodyLimits limits;

  EventLinesResource(EventIntake intake, IdempotencyKeys idempotency, BodyLimits limits) {
    this.intake = intake;
    this.idempotency = idempotency;
    this.limits = limits;
  }

  Answer accept(Call call) {
    call.requireType(MEDIA_TYPE);
    return idempotency.onceRead(call, call.body().open(HELD), in -> take(call, in));
  }

  private Answer take(Call call, InputStream in) {
    Optional<Problem> broken = Optional.empty();
    try (var inflow = inflow(call)) {
      try {
        take(new LineReader(in, limits.event()), inflow);
      } catch (ApiProblem e) {
        broken = Optional.of(e.problem()); // what came before it is taken all the same
      }
      return answer(inflow.finish(), broken);
    }
  }

  private EventInflow inflow(Call call) {
    return call.header("idempotency-key")
        .map(key -> intake.inflow(call.caller(), ByteBuffer.wrap(key.getBytes(UTF_8))))
        .orElseGet(() -> intake.inflow(call.caller()));
  }

  private void take(LineReader lines, EventInflow inflow) {
    boolean open = true;
    for (var line = lines.next(); open && line.isPresent(); line = lines.next()) {
      long number = line.get().number();
      open =
          switch (line.get().text()) {
            case Text.Whole(var utf8) -> take(number, utf8, inflow);
            case Text.TooLong() ->
                inflow.refuse(number, "must not be longer than " + limits.event() + " bytes");
          };
    }
  }

  private static boolean take(long number, byte[] utf8, EventInflow inflow) {
    try {
      return inflow.take(number, Json.read(utf8), ByteBuffer.wrap(utf8));
    } catch (ApiProblem e) {
      var detail = e.problem().detail(); // of a text of one line, which has its number already
      return inflow.refuse(number, detail.replace(" in line 1, column", " in column"));
    }
  }

  private static Answer answer(Tally tally, Optional<Problem> broken) {
    if (broken.isPresent()) {
      return broken.get().answer(json -> write(json, tally));
    }
    if (tally.unavailable().isPresent()) {
      return Problem.unavailable(tally.unavailable().get(), RETRY_AFTER)
          .answer(json -> write(json, tally));
    }
    if (tally.accepted() > 0) {
      var json = Json.object();
      write(json, tally);
      return Answer.json(202, json);
    }
    return Problem.invalid(
            tally.refused() == 0 ? "must hold at least one event" : "no line holds an event")
        .answer(json -> write(json, tally));
  }

  private static void write(ObjectNode json, Tally tally) {
    json.put("accepted", tally.accepted());
    json.put("refused", tally.refused());
    json.put("through_line", tally.through());
    var errors = json.putArray("errors");
    for (var problem : tally.problems()) {
      errors
          .addObject()
          .put("line", problem.line())
          .put("pointer", problem.pointer())
          .put("detail", problem.detail());
    }
    json.put("errors_left_out", tally.untold());
  }
}

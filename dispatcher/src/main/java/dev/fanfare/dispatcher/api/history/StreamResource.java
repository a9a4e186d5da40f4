package dev.fanfare.dispatcher.api.history;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fanfare.dispatcher.api.exchange.Answer;
import dev.fanfare.dispatcher.api.exchange.ApiProblem;
import dev.fanfare.dispatcher.api.exchange.Call;
import dev.fanfare.dispatcher.api.exchange.Json;
import dev.fanfare.dispatcher.api.exchange.Problem;
import dev.fanfare.dispatcher.log.LogRole;
import dev.fanfare.dispatcher.log.entry.Selection;
import dev.fanfare.dispatcher.log.live.LiveReader;
import dev.fanfare.dispatcher.log.live.LiveReader.Next;
import dev.fanfare.dispatcher.log.live.Offsets;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.KafkaException;

/// `/v1/stream`: the live log as server-sent events.
final class StreamResource {
  private static final String MEDIA_TYPE = "text/event-stream";
  private static final Duration LOOK = Duration.ofMillis(500);

  /// Then the reader comes again by itself, and its key is looked at again.
  private static final Duration LONGEST = Duration.ofMinutes(30);

  private static final int LOOKS_TO_A_SIGN = 20;
  private static final int RETRY_AFTER = 5;

  private final LogRole log;

  StreamResource(LogRole log) {
    this.log = log;
  }

  Answer follow(Call call) {
    call.allowParameters(Filters.STREAM);
    var selection = Filters.selection(call);
    var from = lastId(call);
    var _ = Lists.queries(log);
    if (call.method().equals("HEAD")) {
      return new Answer(200, MEDIA_TYPE, ByteBuffer.allocate(0), Map.of());
    }
    var reader = reader(selection, from);
    return Answer.flowing(
            MEDIA_TYPE,
            (out, ending) -> {
              try (reader) {
                write(reader, out, ending);
              }
            })
        .with("X-Accel-Buffering", "no");
  }

  private LiveReader reader(Selection selection, Optional<Offsets> from) {
    try {
      return log.tail()
          .read(selection, from.orElse(null))
          .orElseThrow(() ->
              new ApiProblem(
                  Problem.unavailable(
                      "the live log has as many readers as it can have", RETRY_AFTER)));
    } catch (KafkaException e) {
      throw new ApiProblem(
          Problem.unavailable("Kafka does not answer for the live log", RETRY_AFTER));
    }
  }

  /// A browser's `EventSource` sends the header by itself when it connects again; who can't set it
  /// uses the parameter.
  private static Optional<Offsets> lastId(Call call) {
    return call.header("last-event-id")
        .filter(it -> !it.isEmpty())
        .or(() -> Filters.text(call, "last_event_id"))
        .map(text ->
            Offsets.of(text)
                .orElseThrow(() ->
                    new ApiProblem(
                        Problem.malformed("Last-Event-ID is none that this stream has sent"))));
  }

  private static void write(LiveReader reader, OutputStream out, BooleanSupplier ending)
      throws IOException {
    send(out, ": the live log\nretry: 2000\n\n");
    int quiet = 0;
    long end = System.nanoTime() + LONGEST.toNanos();
    try {
      while (!ending.getAsBoolean() && System.nanoTime() < end) {
        switch (reader.next(LOOK)) {
          case Next.Changed(var change) -> {
            send(
                out,
                "id: "
                    + change.id().text()
                    + "\nevent: delivery\ndata: "
                    + DeliveryJson.item(change.state())
                    + "\n\n");
            quiet = 0;
          }
          case Next.Missed(long number) ->
              send(out, "event: missed\ndata: " + Json.object().put("missed", number) + "\n\n");
          case Next.Quiet(var id) -> {
            if (++quiet >= LOOKS_TO_A_SIGN) {
              // An id without data is remembered by the client and shown to nobody.
              send(
                  out,
                  ": still here\n" + id.map(it -> "id: " + it.text() + "\n").orElse("") + "\n");
              quiet = 0;
            }
          }
          case Next.Ended() -> {
            return;
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void send(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(UTF_8));
    out.flush();
  }
}

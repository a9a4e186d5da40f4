package dev.fanfare.dispatcher.log;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fanfare.dispatcher.app.TestFanfare;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/// A reader of server-sent events, as a browser is one.
final class EventStream implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final LinkedBlockingQueue<Event> queue = new LinkedBlockingQueue<>();
  private final BufferedReader lines;
  private final List<Event> seen = new ArrayList<>();
  private volatile String lastId = "";
  private final AtomicInteger signs = new AtomicInteger();

  /// @param id the last that came before or with it
  record Event(String name, String id, JsonNode data) {}

  private EventStream(TestFanfare fanfare, String key, String path, String lastId)
      throws IOException, InterruptedException {
    var request = fanfare.request(path, key).timeout(Duration.ofMinutes(5));
    if (!lastId.isEmpty()) {
      request.header("Last-Event-ID", lastId);
    }
    var response = http.send(request.build(), BodyHandlers.ofInputStream());
    if (response.statusCode() != 200) {
      throw new IllegalStateException(
          response.statusCode()
              + new String(response.body().readAllBytes(), StandardCharsets.UTF_8));
    }
    lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    Thread.ofVirtual().start(this::read);
  }

  /// Returns when the server has begun to answer: what changes from then on is seen.
  static EventStream open(TestFanfare fanfare, String path, String lastId)
      throws IOException, InterruptedException {
    return open(fanfare, TestFanfare.KEY, path, lastId);
  }

  /// The same with another key.
  static EventStream open(TestFanfare fanfare, String key, String path, String lastId)
      throws IOException, InterruptedException {
    return new EventStream(fanfare, key, path, lastId);
  }

  /// With what the stream would be gone on with now.
  String lastId() {
    return lastId;
  }

  /// How often it has said that it is still there.
  int signs() {
    return signs.get();
  }

  private void read() {
    try {
      String name = "";
      String id = "";
      String data = "";
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.isEmpty()) {
          if (!data.isEmpty()) {
            queue.add(new Event(name, id, JSON.readTree(data)));
          }
          name = "";
          data = "";
        } else if (line.startsWith("id: ")) {
          id = line.substring(4);
          lastId = id;
        } else if (line.equals(": still here")) {
          signs.incrementAndGet();
        } else if (line.startsWith("event: ")) {
          name = line.substring(7);
        } else if (line.startsWith("data: ")) {
          data = line.substring(6);
        }
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  List<Event> until(Predicate<List<Event>> condition, Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (!condition.test(seen)) {
      var next = queue.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (next == null) {
        throw new IllegalStateException("not so within " + atMost + ": " + seen);
      }
      seen.add(next);
    }
    return List.copyOf(seen);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}

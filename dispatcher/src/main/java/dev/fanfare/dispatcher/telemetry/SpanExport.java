package dev.fanfare.dispatcher.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends spans to a collector, some hundred at a time, on a thread of its own. Spans are worth less
/// than what they are about: when the collector is away or slow they are dropped and counted, and
/// nothing waits for them.
public final class SpanExport implements Spans, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SpanExport.class);
  private static final int WAITING = 4_096;
  private static final int BATCH = 512;
  private static final Duration GATHER = Duration.ofMillis(500);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final ArrayBlockingQueue<Span> waiting = new ArrayBlockingQueue<>(WAITING);
  private final URI endpoint;
  private final TracingSettings settings;
  private final Counter exported;
  private final Counter dropped;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final Thread thread = Thread.ofPlatform().name("spans").unstarted(this::run);
  private volatile boolean closing;
  private boolean failing;

  private SpanExport(URI endpoint, TracingSettings settings, Counter exported, Counter dropped) {
    this.endpoint = endpoint;
    this.settings = settings;
    this.exported = exported;
    this.dropped = dropped;
  }

  /// Starts if there is somebody to send to.
  public static Optional<SpanExport> start(TracingSettings settings, MeterRegistry meters) {
    var exported = counter(SpanMetric.EXPORTED, meters);
    var dropped = counter(SpanMetric.DROPPED, meters);
    return settings
        .endpoint()
        .map(endpoint -> {
          var export = new SpanExport(endpoint, settings, exported, dropped);
          export.thread.start();
          return export;
        });
  }

  private static Counter counter(SpanMetric metric, MeterRegistry meters) {
    return Counter.builder(metric.meter()).description(metric.help()).register(meters);
  }

  /// Of traces that somebody records.
  @Override
  public Optional<Trace> begin(Trace parent) {
    return parent.sampled() ? Optional.of(parent.child(newId())) : Optional.empty();
  }

  private static String newId() {
    long id = ThreadLocalRandom.current().nextLong();
    return "%016x".formatted(id == 0 ? 1 : id);
  }

  @Override
  public void ended(Span span) {
    if (closing || !waiting.offer(span)) {
      dropped.increment();
    }
  }

  private void run() {
    try {
      while (true) {
        var batch = new ArrayList<Span>(BATCH);
        var first = waiting.poll(GATHER.toMillis(), TimeUnit.MILLISECONDS);
        if (first != null) {
          batch.add(first);
          waiting.drainTo(batch, BATCH - 1);
          send(batch);
        } else if (closing) {
          return;
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("told to end with {} spans left", waiting.size());
    }
  }

  private void send(List<Span> batch) throws InterruptedException {
    var request =
        HttpRequest.newBuilder(endpoint)
            .timeout(TIMEOUT)
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofByteArray(OtlpJson.of(settings.service(), batch)));
    settings.authorization().ifPresent(value -> request.header("authorization", value));
    try {
      int status = http.send(request.build(), BodyHandlers.discarding()).statusCode();
      if (status / 100 == 2) {
        exported.increment(batch.size());
        failing = false;
        return;
      }
      complain("it answers with " + status);
    } catch (IOException e) {
      complain(e.toString());
    }
    dropped.increment(batch.size());
  }

  private void complain(String why) {
    if (!failing) {
      failing = true;
      LOG.warn("spans are dropped, the collector does not take them: {}", why);
    }
  }

  /// Sends what waits, if it can be sent within seconds.
  @Override
  public void close() {
    closing = true;
    try {
      if (!thread.join(TIMEOUT)) {
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
    http.shutdownNow();
  }
}

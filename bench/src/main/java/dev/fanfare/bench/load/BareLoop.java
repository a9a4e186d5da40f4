package dev.fanfare.bench.load;

import dev.fanfare.bench.control.ControlServer;
import dev.fanfare.dispatcher.egress.signature.HmacSecret;
import dev.fanfare.dispatcher.egress.signature.SigningKeys;
import dev.fanfare.dispatcher.egress.signature.StandardWebhooks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import okhttp3.ConnectionPool;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;

/// The floor: OkHttp in a bare loop on virtual threads, each signing and POSTing over and over to
/// an endpoint of its own choice. No queue, no Kafka, no record of anything, no timeout;
/// connections are pooled by endpoint, which is what suits OkHttp best.
public final class BareLoop {
  private static final int PAYLOADS = 512;
  private static final MediaType JSON = MediaType.get("application/json");
  private static final SigningKeys KEYS =
      new SigningKeys(List.of(HmacSecret.generate(new byte[32])));

  private BareLoop() {}

  private record Work(String id, ByteBuffer signed, RequestBody sent) {}

  /// @param args the port to be controlled by
  public static void main(String[] args) {
    var control = ControlServer.on(Integer.parseInt(args[0]));
    control.answer("/run", BareLoop::run);
    control.start();
  }

  private static Map<String, Object> run(Map<String, String> query) {
    var endpoints =
        endpoints(URI.create(query.get("to")), Integer.parseInt(query.get("endpoints")));
    var work = work(Integer.parseInt(query.get("payload")));
    int inFlight = Integer.parseInt(query.get("in_flight"));
    var going = new AtomicBoolean(true);
    var posts = new LongAdder();
    var failure = new ArrayList<RuntimeException>();
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < inFlight; i++) {
      var endpoint = endpoints.get(i % endpoints.size());
      int first = i;
      threads.add(
          Thread.startVirtualThread(() -> {
            try {
              for (int n = first; going.get(); n++) {
                endpoint.post(work.get(n % work.size()));
                posts.increment();
              }
            } catch (IOException e) {
              synchronized (failure) {
                failure.add(new UncheckedIOException(e));
              }
            }
          }));
    }
    sleep(Long.parseLong(query.get("warm_up_ms")));
    long before = posts.sum();
    var cpuBefore = cpu();
    long began = System.nanoTime();
    sleep(Long.parseLong(query.get("measured_ms")));
    long made = posts.sum() - before;
    var cpuUsed = cpu().minus(cpuBefore);
    double seconds = (System.nanoTime() - began) / 1e9;
    going.set(false);
    threads.forEach(BareLoop::join);
    endpoints.forEach(endpoint -> endpoint.client.connectionPool().evictAll());
    synchronized (failure) {
      if (!failure.isEmpty()) {
        throw failure.getFirst();
      }
    }
    return Map.of(
        "posts", made,
        "per_second", made / seconds,
        "cpu_us", cpuUsed.toNanos() / 1e3 / Math.max(1, made));
  }

  private record Endpoint(OkHttpClient client, HttpUrl url) {
    void post(Work work) throws IOException {
      var now = Instant.now();
      var request =
          new Request.Builder()
              .url(url)
              .header("webhook-id", work.id)
              .header("webhook-timestamp", Long.toString(now.getEpochSecond()))
              .header("webhook-signature", StandardWebhooks.sign(KEYS, work.id, now, work.signed))
              .post(work.sent)
              .build();
      try (var response = client.newCall(request).execute()) {
        if (response.code() != 204) {
          throw new IOException("the receiver answers " + response.code());
        }
      }
    }
  }

  private static List<Endpoint> endpoints(URI to, int count) {
    var base =
        new OkHttpClient.Builder()
            .callTimeout(Duration.ZERO)
            .connectTimeout(Duration.ZERO)
            .readTimeout(Duration.ZERO)
            .writeTimeout(Duration.ZERO)
            .build();
    var all = new ArrayList<Endpoint>();
    for (int i = 0; i < count; i++) {
      var pool = new ConnectionPool(64, 1, TimeUnit.MINUTES);
      all.add(
          new Endpoint(
              base.newBuilder().connectionPool(pool).build(),
              Objects.requireNonNull(HttpUrl.get(to.resolve("/ok/" + i)))));
    }
    return all;
  }

  private static List<Work> work(int payload) {
    var payloads = new Payloads(payload);
    var all = new ArrayList<Work>();
    for (int i = 0; i < PAYLOADS; i++) {
      var id = Due.id(i, 0);
      var body = Payloads.render(payloads.event(id, "floor"));
      var bytes = new byte[body.remaining()];
      body.duplicate().get(bytes);
      all.add(new Work(id, body, RequestBody.create(bytes, JSON)));
    }
    return all;
  }

  private static Duration cpu() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

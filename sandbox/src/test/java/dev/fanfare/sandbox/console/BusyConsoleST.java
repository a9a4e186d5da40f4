package dev.fanfare.sandbox.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import dev.fanfare.sandbox.Sandbox;
import dev.fanfare.sandbox.SandboxSettings;
import dev.fanfare.sandbox.console.Chromium.Look;
import dev.fanfare.sandbox.demo.ApiClient;
import dev.fanfare.testkit.process.Ports;
import dev.fanfare.testkit.receiver.Receiver;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// The live log of the dashboard while 200 deliveries come a second.
/// `-Dfanfare.console.seconds=600` lets them come for ten minutes.
@Tag("long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BusyConsoleST {
  private static final Duration ENOUGH = Duration.ofSeconds(60);
  private static final int SECONDS = Integer.getInteger("fanfare.console.seconds", 10);
  private static final int RATE = 200;
  private static final int ALL = RATE * SECONDS;
  private static final int BATCHES_A_SECOND = 10;
  private static final int SAMPLES = 20;

  /// Notes what a reader would feel: tasks that block the page, and frames that come late.
  private static final String WATCH =
      """
      window.blocked = [];
      window.late = [];
      const noted = list => list.getEntries().forEach(it => window.blocked.push(it.duration));
      new PerformanceObserver(noted).observe({type: 'longtask'});
      let last = 0;
      const frame = now => {
        if (last && now - last > 100) window.late.push(now - last);
        last = now;
        requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
      """;

  private static final String STREAM =
      """
      window.sent = 0;
      window.EventSource = class extends EventTarget {
        readyState = 1;
        constructor() {
          super();
          setTimeout(() => this.dispatchEvent(new Event('open')));
          const beat = setInterval(() => {
            for (let i = 0; i < 10; i++) this.say(++window.sent);
            if (window.sent >= MOST) clearInterval(beat);
          }, 50);
        }
        say(n) {
          const at = new Date().toISOString();
          const item = {id: 'dlv_' + n, event_id: 'evt_' + n, subscription_id: 'sub_' + n % 50,
            tenant: 'acme', type: 'email.delivered', message_id: 'msg_' + n,
            recipient: 'nr-' + n + '@customer.example', status: 'delivered', attempts: 1,
            created_at: at, updated_at: at, due_at: null, last_status: 200, last_error: null,
            reason: null, replay_id: null, origin_delivery_id: null};
          this.dispatchEvent(new MessageEvent('delivery', {data: JSON.stringify(item)}));
        }
        close() {}
      };
      """;

  private final HttpClient http = HttpClient.newHttpClient();
  private Chromium chromium;
  private Sandbox sandbox;
  private ApiClient api;

  @BeforeAll
  void start(@TempDir Path directory) {
    PlaywrightAssertions.setDefaultAssertionTimeout((double) ENOUGH.toMillis());
    chromium = Chromium.start();
    sandbox =
        Sandbox.start(
            new SandboxSettings(Ports.free(), Ports.free(), Ports.free(), directory, false),
            _ -> {});
    api = new ApiClient(sandbox.api());
  }

  @AfterAll
  void stop() {
    if (sandbox != null) {
      sandbox.close();
    }
    if (chromium != null) {
      chromium.close();
    }
    http.close();
  }

  /// The stream is played to the page in the browser, so that how fast this machine delivers does
  /// not matter.
  @Test
  void aStreamOfManyLeavesThePageBounded() {
    // When
    var page = chromium.open(sandbox.api(), Look.DESK, WATCH + STREAM.replace("MOST", "" + ALL));
    var heap = watched(page, () -> number(page, "window.sent"));

    // Then
    report("played", page, heap);
    assertThat(heap).allMatch(it -> it < 64L << 10);
    assertThat(page.locator("a.row").first()).containsText("nr-" + ALL + "@");
    assertThat(page.locator("a.row")).hasCount(1_000);
    Chromium.picture(page, "busy");

    // and while somebody reads, nothing moves
    page.locator("a.row").nth(3).hover();
    assertThat(page.locator(".connection")).containsText("Held");
    page.context().close();
    assertThat(chromium.takeComplaints()).isEmpty();
  }

  /// The whole of it: events over HTTP, deliveries to an endpoint, the log, its stream, the page.
  @Test
  void whatIsDeliveredStreamsFromTheServerAndNothingIsMissed() throws Exception {
    try (var receiver = Receiver.start()) {
      // Given
      receiver.keep(0);
      var made =
          api.post(
              "/v1/subscriptions",
              Map.of(
                  "tenant", "busy",
                  "url", receiver.url("/").toString(),
                  "event_types", List.of("*")));
      assertThat(made.isGood()).as(made.toString()).isTrue();
      var page = chromium.open(sandbox.api(), Look.DESK, WATCH);
      assertThat(page.locator(".connection")).containsText("Live");

      // When
      var sent = new AtomicInteger();
      var sender = Thread.ofVirtual().start(() -> send(sent));
      var heap = watched(page, sent::get);
      sender.join();

      // Then
      assertThat(page.locator("a.row").first()).isVisible();
      assertThat(page.locator("a.row", new Page.LocatorOptions().setHasText("nr-" + ALL + "@")))
          .hasCount(1);
      assertThat(page.locator("a.row")).hasCount(Math.min(ALL, 1_000));
      report("served", page, heap);
      System.out.printf(
          "served: %d POSTs, missed by the stream: %.0f, readers: %.0f%n",
          receiver.count(),
          metric("fanfare_log_stream_missed_total"),
          metric("fanfare_log_stream_readers"));
      assertThat(heap).allMatch(it -> it < 64L << 10);
      assertThat(metric("fanfare_log_stream_missed_total")).isZero();
      assertThat(metric("fanfare_log_stream_readers")).isEqualTo(1);
      page.context().close();
      assertThat(chromium.takeComplaints()).isEmpty();
    }
  }

  /// By the clock, so that a request that takes long is made up for.
  private void send(AtomicInteger sent) {
    long began = System.nanoTime();
    int batch = RATE / BATCHES_A_SECOND;
    while (sent.get() < ALL) {
      int due = (int) ((System.nanoTime() - began) * RATE / 1_000_000_000L);
      if (due - sent.get() < batch) {
        LockSupport.parkNanos(10_000_000);
        continue;
      }
      var events = new ArrayList<Map<String, Object>>();
      for (int i = 0; i < batch; i++) {
        int n = sent.get() + i + 1;
        events.add(
            new HashMap<>(
                Map.of(
                    "tenant",
                    "busy",
                    "type",
                    "email.delivered",
                    "recipient",
                    "nr-" + n + "@customer.example",
                    "message_id",
                    "msg_" + n)));
      }
      try {
        var said = api.post("/v1/events", events);
        assertThat(said.isGood()).as(said.toString()).isTrue();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
      sent.addAndGet(batch);
    }
  }

  /// The page's heap in KiB after garbage collections, at each twentieth of all.
  private List<Long> watched(Page page, IntSupplier done) {
    var devtools = page.context().newCDPSession(page);
    var heap = new ArrayList<Long>();
    await()
        .atMost(ENOUGH.plusSeconds(SECONDS * 4L))
        .until(() -> {
          page.waitForTimeout(
              200); // the browser's own time goes on; its policy forbids to wait in it
          int now = done.getAsInt();
          if (now >= heap.size() * ALL / SAMPLES) {
            devtools.send("HeapProfiler.collectGarbage");
            heap.add(number(page, "performance.memory.usedJSHeapSize") / 1_024L);
          }
          return now >= ALL;
        });
    return heap;
  }

  private static void report(String what, Page page, List<Long> heap) {
    System.out.printf(
        "%s: %d deliveries in %d s; heap of the page in KiB: %s; tasks over 50 ms: %s, longest %d"
            + " ms; frames over 100 ms: %s, longest %d ms%n",
        what,
        ALL,
        SECONDS,
        heap,
        page.evaluate("window.blocked.length"),
        number(page, "Math.round(Math.max(0, ...window.blocked))"),
        page.evaluate("window.late.length"),
        number(page, "Math.round(Math.max(0, ...window.late))"));
  }

  private static int number(Page page, String expression) {
    return ((Number) page.evaluate(expression)).intValue();
  }

  private double metric(String name) throws IOException, InterruptedException {
    var address = URI.create(sandbox.api() + "/metrics");
    var text = http.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString()).body();
    return text.lines()
        .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + name + " in:\n" + text));
  }
}

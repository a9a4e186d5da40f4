package dev.fanfare.dispatcher.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.dispatcher.app.Role;
import dev.fanfare.dispatcher.app.TestFanfare;
import dev.fanfare.testkit.kafka.SharedKafka;
import dev.fanfare.testkit.receiver.Answer;
import dev.fanfare.testkit.receiver.Receiver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two instances of the log, one of which comes later and goes again: whichever is asked, and
/// whatever moves meanwhile, an answer that does not say that it lacks something lacks nothing.
class TwoLogsIT {
  private static final Duration SOON = Duration.ofMinutes(2);
  private static final int EVENTS = 30;
  private static final int SUBSCRIPTIONS = 6;
  private static final int DELIVERIES = EVENTS * SUBSCRIPTIONS;
  private static final String ALL = "/v1/deliveries?limit=200";

  @TempDir private Path directory;

  @Test
  void tellTheSameAndNeverLessThanTheySay() throws Exception {
    var prefix = SharedKafka.prefix(TwoLogsIT.class);
    try (var receiver = Receiver.start();
        var one = start(prefix, "one", EnumSet.allOf(Role.class))) {
      // Given what one has seen alone
      receiver.answer(request -> request.target().endsWith("/0") ? Answer.status(413) : Answer.OK);
      for (int i = 0; i < SUBSCRIPTIONS; i++) {
        LogRig.subscribe(one, receiver, "/" + i, "1s");
      }
      for (int i = 0; i < EVENTS; i++) {
        LogRig.send(one, "evt_" + i, "ann@example.com");
      }
      await().atMost(SOON).until(() -> ended(one) == DELIVERIES);

      try (var watch = new Watch(one)) {
        // When another comes and takes a part of it over
        var other = start(prefix, "other", EnumSet.of(Role.LOG, Role.API));
        watch.alsoAsk(other);
        await().atMost(SOON).until(() -> runs(other) && isComplete(other.get(ALL).json()));
        await().atMost(SOON).until(() -> isComplete(one.get(ALL).json()));

        // Then both say the same
        for (var path :
            List.of(
                ALL,
                "/v1/deliveries?limit=7",
                "/v1/deliveries?status=delivered&limit=200",
                "/v1/deliveries?status=dead_lettered&limit=200",
                "/v1/deliveries?event_id=evt_7",
                "/v1/deliveries?recipient=ann@example.com&limit=200",
                "/v1/dead-letters?limit=200",
                "/v1/dead-letters/groups",
                "/v1/ledger/unaccounted",
                "/v1/statistics?step=1h")) {
          assertThat(other.get(path).json()).as(path).isEqualTo(one.get(path).json());
        }
        for (var item : LogRig.items(one, "/v1/deliveries?event_id=evt_7")) {
          var path = "/v1/deliveries/" + item.path("id").asText();
          assertThat(other.get(path).json()).as(path).isEqualTo(one.get(path).json());
        }

        // and when it goes, the first has all again
        watch.onlyAsk(one);
        other.close();
        await().atMost(SOON).until(() -> isComplete(one.get(ALL).json()));
        await()
            .atMost(SOON)
            .untilAsserted(() -> assertThat(LogRig.items(one, ALL)).hasSize(DELIVERIES));
        watch.requireHonest();
      }
      await()
          .atMost(SOON)
          .untilAsserted(() -> {
            var ledger = one.get("/v1/ledger").json();
            assertThat(ledger.path("opened").asInt()).isEqualTo(DELIVERIES);
            assertThat(ledger.path("complete").asBoolean()).isTrue();
            assertThat(ledger.path("unaccounted").asInt()).isZero();
          });
    }
  }

  private TestFanfare start(String prefix, String name, EnumSet<Role> roles) {
    return TestFanfare.start(
        LogRig.config(prefix, directory.resolve(name), "standby_replicas: 1", "1s"), roles);
  }

  private static boolean runs(TestFanfare fanfare) {
    return fanfare.get(ALL).status() == 200
        && fanfare.get("/metrics").text().contains("fanfare_log_running 1.0");
  }

  private static boolean isComplete(JsonNode answer) {
    return answer.path("complete").asBoolean(true);
  }

  private static long ended(TestFanfare fanfare) {
    var ledger = fanfare.get("/v1/ledger").json();
    return ledger.path("delivered").asLong() + ledger.path("dead_lettered").asLong();
  }

  /// Asks all the time.
  private static final class Watch implements AutoCloseable {
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicInteger whole = new AtomicInteger();
    private final AtomicInteger partial = new AtomicInteger();
    private final Thread thread;
    private volatile List<TestFanfare> asked;
    private volatile String dishonest = "";

    Watch(TestFanfare first) {
      asked = List.of(first);
      thread = Thread.ofPlatform().name("watch").start(this::run);
    }

    void alsoAsk(TestFanfare other) {
      asked = List.of(asked.getFirst(), other);
    }

    /// Waits for a question under way.
    void onlyAsk(TestFanfare one) {
      asked = List.of(one);
      int before = whole.get() + partial.get();
      await().atMost(SOON).until(() -> whole.get() + partial.get() > before + 2);
    }

    private void run() {
      while (!closed.get()) {
        for (var each : asked) {
          look(each);
        }
      }
    }

    private void look(TestFanfare each) {
      int items = 0;
      var path = ALL;
      while (!path.isEmpty()) { // a page may end early, and says where it goes on
        var reply = each.get(path);
        if (reply.status() != 200 || !isComplete(reply.json())) {
          partial.incrementAndGet();
          return;
        }
        items += reply.json().path("items").size();
        var next = reply.json().path("next_cursor").asText("");
        path = next.isEmpty() || next.equals("null") ? "" : ALL + "&cursor=" + next;
      }
      if (items == DELIVERIES) {
        whole.incrementAndGet();
      } else {
        dishonest = "port " + each.port() + " has " + items + " and says that it is complete";
        partial.incrementAndGet();
      }
    }

    void requireHonest() {
      System.out.println(">> whole answers: " + whole + ", partial ones: " + partial);
      assertThat(dishonest).isEmpty();
      assertThat(whole.get()).isPositive();
    }

    @Override
    public void close() {
      closed.set(true);
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}

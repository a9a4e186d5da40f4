package dev.fanfare.sandbox.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.sandbox.demo.ApiClient;
import dev.fanfare.testkit.receiver.Answer;
import dev.fanfare.testkit.receiver.Receiver;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two dispatchers, each with a part of the log and a copy of the other's, of which one is killed:
/// the other says what it lacks until it has taken it over, and never that it lacks nothing when it
/// does.
@Tag("long")
class TwoLogsST {
  private static final int EVENTS = 30;
  private static final int SUBSCRIPTIONS = 6;
  private static final int DELIVERIES = EVENTS * SUBSCRIPTIONS;
  private static final Duration ENOUGH = Duration.ofMinutes(3);
  private static final String ALL = "/v1/deliveries?limit=200";
  private static final String COPIES = "  standby_replicas: 1\n";

  @TempDir Path directory;

  @Test
  void oneThatIsLeftAnswersForBothAndSaysSinceWhen() throws Exception {
    var deployment = Deployment.of(getClass(), directory, COPIES);
    var beside = deployment.beside(directory.resolve("beside"), COPIES);
    try (var receiver = Receiver.start();
        var one = DispatcherProcess.start(deployment, directory);
        var other = DispatcherProcess.start(beside, directory.resolve("beside"))) {
      // Given what both have seen
      receiver.answer(request -> request.target().endsWith("/0") ? Answer.status(413) : Answer.OK);
      var customer = new Customer(one.api(), "acme");
      for (int i = 0; i < SUBSCRIPTIONS; i++) {
        customer.subscribe(receiver.url("/" + i), List.of("*"), Map.of());
      }
      // Who lists them knows them, and either may fan out.
      assertThat(other.api().list("/v1/subscriptions")).hasSize(SUBSCRIPTIONS);
      customer.send(
          "email.delivered", IntStream.range(0, EVENTS).mapToObj(i -> "evt_" + i).toList());
      assertThat(receiver.await(DELIVERIES, ENOUGH)).hasSize(DELIVERIES);
      for (var api : List.of(one.api(), other.api())) {
        SettledLedger.of(api, ENOUGH).has(DELIVERIES, DELIVERIES - EVENTS, EVENTS);
      }
      for (var path : List.of(ALL, "/v1/dead-letters", "/v1/dead-letters/groups")) {
        assertThat(other.api().get(path).body()).as(path).isEqualTo(one.api().get(path).body());
      }

      // When
      other.kill();

      // Then
      long killed = System.nanoTime();
      var missed = untilWhole(one.api());
      System.out.printf(
          ">> a log killed beside another: partitions %s missing, all there again after %d ms%n",
          missed, (System.nanoTime() - killed) / 1_000_000);
      assertThat(missed).as("what was said to be missing meanwhile").isNotEmpty();
      SettledLedger.of(one.api(), ENOUGH).has(DELIVERIES, DELIVERIES - EVENTS, EVENTS);
    }
  }

  /// Asks until the answer is whole, and returns which partitions it was said to lack until then.
  private static Set<Integer> untilWhole(ApiClient api) {
    var missed = new TreeSet<Integer>();
    await()
        .atMost(ENOUGH)
        .until(() -> {
          var answer = asked(api);
          answer.path("missing_partitions").forEach(it -> missed.add(it.asInt()));
          boolean whole = answer.path("complete").asBoolean(true);
          assertThat(answer.path("items").size())
              .as("items of an answer that says complete: %s", whole)
              .isBetween(whole ? DELIVERIES : 0, DELIVERIES);
          return whole;
        });
    return missed;
  }

  private static JsonNode asked(ApiClient api) throws IOException {
    var said = api.get(ALL);
    assertThat(said.status()).isEqualTo(200);
    return said.body();
  }
}

package dev.fanfare.sandbox.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.testkit.receiver.Receiver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An endpoint that was down while deliveries came for it, and is well again: it is not flattened
/// by what waits. An outage of minutes with 50,000 waiting is in `ReportSimulation`.
@Tag("long")
class RecoveryST {
  private static final int BEFORE = 1_000;
  private static final int BACKLOG = Integer.getInteger("fanfare.recovery.backlog", 3_000);
  private static final int CAPACITY = 10;
  private static final Duration THINKS = Duration.ofMillis(25);
  private static final Duration OUTAGE = Duration.ofSeconds(6);
  private static final Duration ENOUGH = Duration.ofMinutes(5);

  /// One more than it takes is how a lane finds out; before the answer is there, it may have gone
  /// one further.
  private static final int LEARNED = CAPACITY + 2;

  private static final String QUICK =
      """
      retry:
        ladder: [1s, 2s, 5s, 10s]
      delivery:
        patience: 2s
        breaker_shortest: 1s
        breaker_longest: 2s
      """;
  private static final Map<String, Object> OFTEN =
      Map.of("retry_schedule", IntStream.range(0, 20).mapToObj(_ -> "2s").toList());

  @TempDir Path directory;

  @Test
  void anEndpointThatComesBackNeverHoldsMoreThanItWasLearnedToTakeAndItsBacklogDrains()
      throws Exception {
    var deployment = Deployment.of(getClass(), directory, QUICK);
    try (var receiver = Receiver.start();
        var dispatcher = DispatcherProcess.start(deployment, directory)) {
      // Given what it takes at a time has been learned, and a backlog from an outage
      var endpoint = new NarrowEndpoint(CAPACITY, THINKS);
      receiver.keep(0);
      receiver.answer(endpoint::take);
      var customer = new Customer(dispatcher.api(), "acme");
      customer.subscribe(receiver.url("/"), List.of("*"), OFTEN);
      customer.send("email.delivered", ids("before", BEFORE));
      await().atMost(ENOUGH).until(() -> endpoint.served() == BEFORE);
      int learned = endpoint.most();
      endpoint.goDown();
      long posts = receiver.count();
      customer.send("email.delivered", ids("during", BACKLOG));
      TimeUnit.MILLISECONDS.sleep(OUTAGE.toMillis());
      long refused = receiver.count() - posts;

      // When
      endpoint.comeBack();

      // Then
      long back = System.nanoTime();
      await().atMost(ENOUGH).until(() -> endpoint.served() == BEFORE + BACKLOG);
      System.out.printf(
          "down for %d s while %,d came: %d POSTs refused, drained in %d ms; most at a time before:"
              + " %d, after: %d; POSTs in all: %,d%n",
          OUTAGE.toSeconds(),
          BACKLOG,
          refused,
          (System.nanoTime() - back) / 1_000_000,
          learned,
          endpoint.most(),
          receiver.count());
      assertThat(learned).as("learned before").isBetween(CAPACITY, LEARNED);
      assertThat(refused).as("tried while it was down").isBetween(1L, BACKLOG / 10L);
      assertThat(endpoint.first()).as("held when it took the first").contains(1);
      assertThat(endpoint.most()).as("held at a time").isLessThanOrEqualTo(LEARNED);
      SettledLedger.of(dispatcher.api(), ENOUGH).has(BEFORE + BACKLOG, BEFORE + BACKLOG, 0);
    }
  }

  private static List<String> ids(String when, int count) {
    return IntStream.range(0, count).mapToObj(i -> when + "_" + i).toList();
  }
}

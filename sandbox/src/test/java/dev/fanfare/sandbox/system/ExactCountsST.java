package dev.fanfare.sandbox.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.testkit.receiver.Receiver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Without a fault, every event reaches every subscription once, and nothing reaches one twice.
@Tag("long")
class ExactCountsST {
  private static final int EVENTS = 20_000;
  private static final int SUBSCRIPTIONS = 3;
  private static final Duration ENOUGH = Duration.ofMinutes(3);

  @TempDir Path directory;

  @Test
  void everyEventReachesEverySubscriptionOnce() throws Exception {
    var deployment = Deployment.of(getClass(), directory, "");
    try (var receiver = Receiver.start();
        var dispatcher = DispatcherProcess.start(deployment, directory);
        var attempts = Journal.of(deployment, deployment.topics().attempts())) {
      // Given
      var arrivals = new Arrivals();
      receiver.keep(0);
      receiver.answer(arrivals::take);
      var customer = new Customer(dispatcher.api(), "acme");
      for (int i = 0; i < SUBSCRIPTIONS; i++) {
        customer.subscribe(receiver.url("/" + i), List.of("email.*"), Map.of());
      }

      // When
      customer.send(
          "email.delivered", IntStream.range(0, EVENTS).mapToObj(i -> "evt_" + i).toList());

      // Then
      await().atMost(ENOUGH).until(() -> arrivals.deliveries() >= EVENTS * SUBSCRIPTIONS);
      var settled =
          attempts.until(
              all ->
                  all.stream().filter(it -> it.getOutcome().equals("delivered")).count()
                      >= EVENTS * SUBSCRIPTIONS,
              ENOUGH);
      assertThat(arrivals.byEndpoint()).isEqualTo(Map.of("/0", EVENTS, "/1", EVENTS, "/2", EVENTS));
      assertThat(arrivals.posts()).isEqualTo(EVENTS * SUBSCRIPTIONS);
      assertThat(settled.stream().map(it -> it.getDeliveryId()).distinct().count())
          .isEqualTo(EVENTS * SUBSCRIPTIONS);
      SettledLedger.of(dispatcher.api(), ENOUGH)
          .has(EVENTS * SUBSCRIPTIONS, EVENTS * SUBSCRIPTIONS, 0);
    }
  }
}

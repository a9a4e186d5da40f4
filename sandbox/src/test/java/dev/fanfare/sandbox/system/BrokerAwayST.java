package dev.fanfare.sandbox.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.testkit.kafka.EmbeddedKafka;
import dev.fanfare.testkit.receiver.Receiver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A broker that goes away amid traffic and comes back: Fanfare keeps trying, says so, and loses
/// nothing. The broker is one of the test's own, because it is stopped.
class BrokerAwayST {
  private static final int EVENTS = 3_000;
  private static final Duration ENOUGH = Duration.ofMinutes(3);

  @TempDir Path directory;

  @Test
  void isToldInReadinessAndOnceInTheLogAndLosesNothing() throws Exception {
    try (var kafka = EmbeddedKafka.start(directory.resolve("kafka"))) {
      var deployment = Deployment.on(kafka.bootstrap(), getClass(), directory, "");
      try (var receiver = Receiver.start();
          var dispatcher = DispatcherProcess.start(deployment, directory)) {
        // Given
        var arrivals = new Arrivals();
        receiver.keep(0);
        receiver.answer(request -> arrivals.take(request).after(Duration.ofMillis(5)));
        var customer = new Customer(dispatcher.api(), "acme");
        customer.subscribe(receiver.url("/"), List.of("*"), Map.of());
        customer.send(
            "email.delivered", IntStream.range(0, EVENTS).mapToObj(i -> "evt_" + i).toList());
        await().atMost(ENOUGH).until(() -> arrivals.deliveries() > EVENTS / 10);
        int linesBefore = log().size();

        // When
        kafka.stop();

        // Then
        assertThat(arrivals.deliveries()).isLessThan(EVENTS); // it went away amid their work
        await()
            .atMost(ENOUGH)
            .untilAsserted(() -> {
              var ready = dispatcher.api().get("/health/ready");
              assertThat(ready.status()).isEqualTo(503);
              assertThat(ready.body().toString()).contains("\"detail\":\"");
            });
        assertThat(dispatcher.api().get("/health/live").isGood()).isTrue();
        await()
            .atMost(ENOUGH)
            .untilAsserted(() ->
                assertThat(log().stream().skip(linesBefore))
                    .filteredOn(line -> line.contains("following subscriptions is in trouble"))
                    .hasSize(1));
        var told = log().stream().skip(linesBefore).toList();

        // and when it is back, everything goes on
        kafka.restart();
        await().atMost(ENOUGH).until(() -> dispatcher.api().get("/health/ready").isGood());
        customer.send("email.delivered", List.of("evt_after"));
        await().atMost(ENOUGH).until(() -> arrivals.deliveries() >= EVENTS + 1);
        assertThat(arrivals.byEndpoint()).isEqualTo(Map.of("/", EVENTS + 1));
        SettledLedger.of(dispatcher.api(), ENOUGH).has(EVENTS + 1, EVENTS + 1, 0);
        System.out.println(
            "a broker away amid "
                + EVENTS
                + " deliveries: "
                + (arrivals.posts() - EVENTS - 1)
                + " repeated, "
                + told.size()
                + " lines in the log");
      }
    }
  }

  private List<String> log() throws IOException {
    return Files.readAllLines(directory.resolve("dispatcher.log"));
  }
}

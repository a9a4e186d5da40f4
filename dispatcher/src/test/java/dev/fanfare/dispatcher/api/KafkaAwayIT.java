package dev.fanfare.dispatcher.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fanfare.dispatcher.access.Keys;
import dev.fanfare.dispatcher.app.Fanfare;
import dev.fanfare.dispatcher.app.Role;
import dev.fanfare.dispatcher.app.TestFanfare;
import dev.fanfare.dispatcher.cluster.UnusableCluster;
import dev.fanfare.testkit.kafka.EmbeddedKafka;
import dev.fanfare.testkit.kafka.SharedKafka;
import dev.fanfare.testkit.process.Ports;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the API says while Kafka is away, and that nothing starts without it.
class KafkaAwayIT {
  private static final String EVENT =
      """
      {"type":"email.sent","tenant":"acme","recipient":"a@b.c","message_id":"m"}\
      """;
  private static final String SUBSCRIPTION =
      """
      {"tenant":"acme","url":"https://example.com/hook","event_types":["*"]}\
      """;

  @Test
  void writesAreNotAcknowledgedAndReadsGoOn(@TempDir Path directory) throws IOException {
    TestFanfare fanfare;
    String id;
    try (var kafka = EmbeddedKafka.start(directory)) {
      fanfare = TestFanfare.withApi(kafka.bootstrap(), "away.");
      id = fanfare.post("/v1/subscriptions", SUBSCRIPTION).json().path("id").asText();
      assertThat(fanfare.post("/v1/events", EVENT).status()).isEqualTo(202);
    }

    try (fanfare) {
      long start = System.nanoTime();
      var event = fanfare.post("/v1/events", EVENT, "Idempotency-Key", "again");
      var subscription = fanfare.post("/v1/subscriptions", SUBSCRIPTION);
      var removal = fanfare.send("DELETE", "/v1/subscriptions/" + id, "");

      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
      for (var reply : List.of(event, subscription, removal)) {
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.header("Retry-After")).isEqualTo("5");
        assertThat(reply.header("Content-Type")).isEqualTo("application/problem+json");
      }
      assertThat(fanfare.get("/v1/subscriptions/" + id).status()).isEqualTo(200);
      assertThat(fanfare.get("/health/live").status()).isEqualTo(200);
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> {
            var ready = fanfare.get("/health/ready");
            assertThat(ready.status()).isEqualTo(503);
            assertThat(ready.json().path("components").get(0).path("detail").asText()).isNotEmpty();
          });
    }
  }

  @Test
  void nothingStartsWithoutKafkaOrItsTopics() {
    var nobody =
        TestFanfare.config("127.0.0.1:" + Ports.free(), "x.", "api_key: " + TestFanfare.KEY);
    assertThatThrownBy(() -> Fanfare.start(nobody, Set.of(Role.API)))
        .isInstanceOf(UnusableCluster.class)
        .hasMessageContaining("no Kafka broker answers at bootstrap.servers=127.0.0.1:");

    var empty =
        TestFanfare.config(
            SharedKafka.bootstrap(),
            SharedKafka.prefix(KafkaAwayIT.class),
            "api_key: " + TestFanfare.KEY);
    assertThatThrownBy(() -> Fanfare.start(empty, Set.of(Role.API)))
        .isInstanceOf(UnusableCluster.class)
        .hasMessageContaining("does not exist: run fanfare topics create");
  }

  @Test
  void aPortThatIsTakenIsTold() {
    var prefix = SharedKafka.prefix(KafkaAwayIT.class);
    try (var first = TestFanfare.withApi(SharedKafka.bootstrap(), prefix)) {
      var second =
          TestFanfare.config(
              SharedKafka.bootstrap(),
              prefix,
              "api_key: " + TestFanfare.KEY + ", idempotency_window: 1h");
      var taken =
          new ApiSettings(
              "127.0.0.1",
              first.port(),
              second.api().access(),
              second.api().limits(),
              second.api().idempotencyWindow());
      assertThatThrownBy(() ->
              ApiServer.start(taken, new Routes(List.of()), new Keys(), new SimpleMeterRegistry()))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("can't listen on 127.0.0.1:" + first.port());
    }
  }

  @Test
  void anOpenApiAsksForNoKeyButForItsOwnName() {
    var prefix = SharedKafka.prefix(KafkaAwayIT.class);
    var config = TestFanfare.config(SharedKafka.bootstrap(), prefix, "open: true");
    try (var fanfare = TestFanfare.start(config, Set.of(Role.API))) {
      assertThat(fanfare.send(fanfare.anonymous("/v1/subscriptions").GET()).status())
          .isEqualTo(200);
      assertThat(fanfare.send(fanfare.anonymous("/metrics").GET()).status()).isEqualTo(200);
    }
  }

  @Test
  void aWorkerServesHealthAndMetricsOnly() {
    var prefix = SharedKafka.prefix(KafkaAwayIT.class);
    var config = TestFanfare.config(SharedKafka.bootstrap(), prefix, "metrics_need_key: false");
    try (var fanfare = TestFanfare.start(config, Set.of(Role.RETRY))) {
      assertThat(fanfare.send(fanfare.anonymous("/health/live").GET()).status()).isEqualTo(200);
      assertThat(fanfare.send(fanfare.anonymous("/metrics").GET()).status()).isEqualTo(200);
      assertThat(fanfare.send(fanfare.anonymous("/v1/subscriptions").GET()).status())
          .isEqualTo(404);
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> fanfare.send(fanfare.anonymous("/health/ready").GET()).status() == 200);
    }
  }
}

package dev.fanfare.sandbox.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.testkit.registry.SharedRegistry;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Fanfare as the rest of the world meets it: curl, a Kafka producer and an HTTP server in another
/// language, and the library that customers verify with. The program is `interop.mjs`.
class InteropST {
  private static final Duration ENOUGH = Duration.ofMinutes(3);

  /// The promise is one second; a machine that runs other tests as well may take its time.
  private static final long GENEROUS_MS = 5_000;

  private static final String SCHEMA = "../schemas/src/main/avro/EmailEvent.avsc";

  @TempDir Path directory;

  @Test
  void eventsByCurlAndByAPlainProducerArriveAndVerifyWithTheStandardLibrary() throws Exception {
    var program = NodeProgram.named("interop.mjs");
    var deployment = Deployment.of(getClass(), directory, "");
    try (var dispatcher = DispatcherProcess.start(deployment, directory)) {
      assertThat(dispatcher.api().get("/health/ready").isGood()).isTrue();

      var report =
          program.run(
              ENOUGH,
              "http://127.0.0.1:" + deployment.apiPort(),
              deployment.config().kafka().bootstrap(),
              SharedRegistry.url(),
              deployment.topics().events().name(),
              Path.of(SCHEMA).toAbsolutePath().normalize().toString());

      assertArrived(report.path("curl"), "by-curl");
      assertArrived(report.path("producer"), "by-producer");
      assertThat(report.path("tampered_is_refused").asBoolean()).isTrue();
    }
  }

  private static void assertArrived(JsonNode arrival, String id) {
    assertThat(arrival.path("id").asText()).isEqualTo(id);
    var payload = arrival.path("payload");
    assertThat(payload.path("type").asText()).isEqualTo("email.bounced");
    assertThat(payload.at("/data/event_id").asText()).isEqualTo(id);
    assertThat(payload.at("/data/recipient").asText()).isEqualTo("zoë@customer.example");
    assertThat(payload.at("/data/bounce/smtp_code").asInt()).isEqualTo(550);
    long took = arrival.path("took_ms").asLong();
    System.out.println(id + ": from sending to arrival " + took + " ms");
    assertThat(took).isLessThan(GENEROUS_MS);
  }
}

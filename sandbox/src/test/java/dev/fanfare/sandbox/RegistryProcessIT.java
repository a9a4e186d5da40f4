package dev.fanfare.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.testkit.process.Ports;
import dev.fanfare.testkit.registry.RegistryProcess;
import dev.fanfare.testkit.registry.SharedRegistry;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The registry that tests and `fanfare dev` use. It is tried here because here it is unpacked.
class RegistryProcessIT {
  private static final String FIRST = record("{\"name\": \"a\", \"type\": \"string\"}");
  private static final String WITH_DEFAULT =
      record(
          "{\"name\": \"a\", \"type\": \"string\"},"
              + " {\"name\": \"b\", \"type\": \"string\", \"default\": \"\"}");

  /// Reads what the second one wrote, and not what the first one did.
  private static final String WITHOUT_DEFAULT =
      record("{\"name\": \"a\", \"type\": \"string\"}, {\"name\": \"b\", \"type\": \"string\"}");

  @TempDir Path directory;

  /// On the child process, or on the public image with `-Pcontainers`.
  @Test
  void refusesASchemaThatCouldNotReadAllThatIsThere() throws Exception {
    var client = client(SharedRegistry.url());
    client.register("refused-value", new AvroSchema(FIRST));
    client.register("refused-value", new AvroSchema(WITH_DEFAULT));

    assertThatThrownBy(() -> client.register("refused-value", new AvroSchema(WITHOUT_DEFAULT)))
        .isInstanceOfSatisfying(
            RestClientException.class, refusal -> assertThat(refusal.getStatus()).isEqualTo(409));
  }

  @Test
  void hasItsSchemasAfterAKill() throws Exception {
    try (var registry =
        RegistryProcess.launch(
            Ports.free(), directory.resolve("data"), directory.resolve("registry.log"))) {
      registry.awaitReady();
      int id = client(registry.url()).register("kept-value", new AvroSchema(FIRST));

      registry.kill();
      registry.restart();

      assertThat(client(registry.url()).getSchemaById(id).canonicalString())
          .isEqualTo(new AvroSchema(FIRST).canonicalString());
    }
  }

  @Test
  void isGoneWhenItIsClosed() {
    var registry = RegistryProcess.start(directory.resolve("registry.log"));
    var process = ProcessHandle.of(registry.pid()).orElseThrow();

    registry.close();

    assertThat(process.isAlive()).isFalse();
  }

  private static CachedSchemaRegistryClient client(String url) {
    return new CachedSchemaRegistryClient(url, 10);
  }

  private static String record(String fields) {
    return "{\"type\": \"record\", \"name\": \"R\", \"fields\": [" + fields + "]}";
  }
}

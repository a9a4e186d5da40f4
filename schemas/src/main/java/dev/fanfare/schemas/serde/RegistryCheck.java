package dev.fanfare.schemas.serde;

import io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClientFactory;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;

/// Asks the registry one small question at start-up, so that a wrong address or password is told in
/// one line then, and not record by record later.
public final class RegistryCheck {
  private static final int CACHED = 10;

  /// Short, and without the client's own repetitions; the settings may say otherwise.
  private static final Map<String, String> HASTE =
      Map.of(
          "http.connect.timeout.ms", "5000",
          "http.read.timeout.ms", "5000",
          "max.retries", "0");

  private RegistryCheck() {}

  /// What keeps us from using the registry, in one line that names its address; empty if nothing.
  ///
  /// @param topic whose value schema is asked for; that there is none yet is a good answer
  public static Optional<String> problem(RegistrySettings settings, String topic) {
    var configuration = new HashMap<String, Object>(HASTE);
    configuration.putAll(settings.properties());
    var where = "schema registry " + settings.shownUrl() + " ";
    try (var client =
        SchemaRegistryClientFactory.newClient(
            List.of(settings.url().split(",")),
            CACHED,
            List.of(new AvroSchemaProvider()),
            configuration,
            Map.of())) {
      client.getAllVersions(topic + "-value");
      return Optional.empty();
    } catch (RestClientException e) {
      return answered(e).map(what -> where + what);
    } catch (UnknownHostException e) {
      return Optional.of(where + "cannot be reached: unknown host " + e.getMessage());
    } catch (IOException e) {
      return Optional.of(where + "cannot be reached: " + Classification.line(e));
    } catch (KafkaException | IllegalArgumentException e) {
      return Optional.of(where + "cannot be asked: " + Classification.line(e));
    }
  }

  private static Optional<String> answered(RestClientException answer) {
    if (Classification.NOT_FOUND.contains(answer.getErrorCode())) {
      return Optional.empty();
    }
    return Optional.of(
        switch (answer.getStatus()) {
          case 401 -> "refuses our credentials (401)";
          case 403 -> "does not let us read subjects (403)";
          case 404 -> "does not answer as a registry (404): is the path in the URL right?";
          default -> "answers " + answer.getStatus() + ": " + Classification.line(answer);
        });
  }
}

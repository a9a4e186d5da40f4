package dev.fanfare.sandbox.system;

import dev.fanfare.dispatcher.cluster.TopicAdmin;
import dev.fanfare.dispatcher.cluster.TopicPlan;
import dev.fanfare.dispatcher.config.ConfigFile;
import dev.fanfare.dispatcher.config.FanfareConfig;
import dev.fanfare.dispatcher.sealing.Keyset;
import dev.fanfare.dispatcher.sealing.KeysetFile;
import dev.fanfare.schemas.topic.Topics;
import dev.fanfare.testkit.kafka.SharedKafka;
import dev.fanfare.testkit.process.Ports;
import dev.fanfare.testkit.registry.SharedRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// One Fanfare, on the shared broker and registry if nothing else is said, with topics and groups
/// of its own: its configuration as a file, as in production. Made for a test class; any number of
/// dispatchers may run from it, one after another.
///
/// @param prefix before everything that it owns in Kafka
/// @param file the configuration
record Deployment(String prefix, Path file, int apiPort, FanfareConfig config) {
  /// First of all that is added, so that more of the section can follow it, indented.
  private static final String LOG =
      """
      log:
        ledger_interval: 1s
        peer_key: the-key-that-logs-show-each-other
      """;

  /// The same for dispatchers that share topics.
  private static final Keyset KEYSET = Keyset.create();

  /// Makes the topics too.
  ///
  /// @param directory where its files go
  /// @param more further configuration, as YAML at the top level; what is indented at its start
  ///   belongs to the section `log`
  static Deployment of(Class<?> test, Path directory, String more) throws IOException {
    return on(SharedKafka.bootstrap(), test, directory, more);
  }

  /// The same on another broker, or on several: then each of them holds everything.
  static Deployment on(String bootstrap, Class<?> test, Path directory, String more)
      throws IOException {
    var prefix = SharedKafka.prefix(test);
    var deployment = write(bootstrap, prefix, "only", directory, LOG + more);
    try (var topics = TopicAdmin.connect(deployment.config().kafka())) {
      topics.createMissing(
          TopicPlan.of(deployment.config().topics(), deployment.config().ladder()));
    }
    return deployment;
  }

  /// Another dispatcher of the same Fanfare, beside the first.
  ///
  /// @param directory another one than the first one's
  Deployment beside(Path directory, String more) throws IOException {
    return write(config.kafka().bootstrap(), prefix, "another", directory, LOG + more);
  }

  private static Deployment write(
      String bootstrap, String prefix, String instance, Path directory, String more)
      throws IOException {
    int port = Ports.free();
    var keyset = Files.createDirectories(directory).resolve("keyset.json").toAbsolutePath();
    KeysetFile.create(keyset, KEYSET);
    var yaml =
        """
        instance: %s
        kafka:
          bootstrap.servers: %s
        schema_registry:
          schema.registry.url: %s
        topics:
          prefix: %s
          input: email.%sevents
          partitions: 4
          replication_factor: %d
        api:
          port: %d
          open: true
        secrets:
          keyset_file: "%s"
        egress:
          allow_http: true
          allowed_networks: [127.0.0.0/8]
        %s
        """
            .formatted(
                instance,
                bootstrap,
                SharedRegistry.url(),
                prefix,
                prefix,
                bootstrap.split(",").length,
                port,
                keyset,
                more);
    var file = Files.writeString(directory.resolve("fanfare.yaml"), yaml);
    return new Deployment(prefix, file, port, FanfareConfig.load(ConfigFile.at(file), Map.of()));
  }

  /// The names of its topics.
  Topics topics() {
    return config.topics().topics();
  }
}

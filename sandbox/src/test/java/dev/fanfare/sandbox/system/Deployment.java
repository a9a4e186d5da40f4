package dev.fanfare.sandbox.system;

import dev.fanfare.dispatcher.cluster.TopicAdmin;
import dev.fanfare.dispatcher.cluster.TopicPlan;
import dev.fanfare.dispatcher.config.ConfigFile;
import dev.fanfare.dispatcher.config.FanfareConfig;
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
  /// Makes the topics too.
  ///
  /// @param directory where its files go
  /// @param more further configuration, as YAML at the top level
  static Deployment of(Class<?> test, Path directory, String more) throws IOException {
    return on(SharedKafka.bootstrap(), test, directory, more);
  }

  /// The same on another broker.
  static Deployment on(String bootstrap, Class<?> test, Path directory, String more)
      throws IOException {
    var prefix = SharedKafka.prefix(test);
    int port = Ports.free();
    var yaml =
        """
        instance: only
        kafka:
          bootstrap.servers: %s
        schema_registry:
          schema.registry.url: %s
        topics:
          prefix: %s
          input: email.%sevents
          partitions: 4
          replication_factor: 1
        api:
          port: %d
          open: true
        egress:
          allow_http: true
          allowed_networks: [127.0.0.0/8]
        %s
        """
            .formatted(bootstrap, SharedRegistry.url(), prefix, prefix, port, more);
    var file = Files.writeString(directory.resolve("fanfare.yaml"), yaml);
    var config = FanfareConfig.load(ConfigFile.at(file), Map.of());
    try (var topics = TopicAdmin.connect(config.kafka())) {
      topics.createMissing(TopicPlan.of(config.topics(), config.ladder()));
    }
    return new Deployment(prefix, file, port, config);
  }

  /// The names of its topics.
  Topics topics() {
    return config.topics().topics();
  }
}

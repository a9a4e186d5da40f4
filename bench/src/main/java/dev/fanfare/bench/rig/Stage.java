package dev.fanfare.bench.rig;

import dev.fanfare.dispatcher.cluster.TopicAdmin;
import dev.fanfare.dispatcher.cluster.TopicPlan;
import dev.fanfare.dispatcher.config.ConfigFile;
import dev.fanfare.dispatcher.config.FanfareConfig;
import dev.fanfare.dispatcher.sealing.Keyset;
import dev.fanfare.dispatcher.sealing.KeysetFile;
import dev.fanfare.schemas.topic.Topics;
import dev.fanfare.testkit.process.Ports;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// One Fanfare on the rig's broker, with topics and groups of its own, and its configuration as a
/// file; any number of dispatchers may run from it.
public record Stage(Rig rig, String name, Path directory, Path file, FanfareConfig config) {
  /// Makes the topics too.
  ///
  /// @param name short; part of its topics' names
  /// @param partitions of its topics
  /// @param more further configuration, as YAML at the top level
  static Stage of(Rig rig, String name, int partitions, String more) throws IOException {
    var directory = Files.createDirectories(rig.directory().resolve(name));
    var keyset = directory.resolve("keyset.json");
    KeysetFile.create(keyset, Keyset.create());
    var yaml =
        """
        kafka:
          bootstrap.servers: %s
        schema_registry:
          schema.registry.url: %s
        topics:
          prefix: %s.
          input: %s-events
          partitions: %d
          replication_factor: 1
        api:
          open: true
          requests_per_address: 0
          write_timeout: 60s
        secrets:
          keyset_file: "%s"
        egress:
          allow_http: true
          allowed_networks: [127.0.0.0/8]
        %s
        """
            .formatted(rig.bootstrap(), rig.registry(), name, name, partitions, keyset, more);
    var file = Files.writeString(directory.resolve("fanfare.yaml"), yaml);
    var config = FanfareConfig.load(ConfigFile.at(file), Map.of());
    try (var topics = TopicAdmin.connect(config.kafka())) {
      topics.createMissing(TopicPlan.of(config.topics(), config.ladder()));
    }
    return new Stage(rig, name, directory, file, config);
  }

  public Topics topics() {
    return config.topics().topics();
  }

  /// Returns at once.
  public DispatcherProcess launch(String instance, List<String> jvmFlags) {
    return rig.keep(DispatcherProcess.launch(this, instance, Ports.free(), jvmFlags));
  }

  /// What others would have built, on this stage's deliveries.
  ///
  /// @param ordering the library's word for it: `UNORDERED`, `KEY`
  /// @param inFlight POSTs at the same time
  public Peer peer(URI receiver, String ordering, int inFlight, List<String> jvmFlags) {
    return rig.keep(Peer.start(this, receiver, ordering, inFlight, jvmFlags));
  }
}

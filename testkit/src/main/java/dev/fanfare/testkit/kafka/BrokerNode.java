package dev.fanfare.testkit.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fanfare.testkit.process.Ports;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;

/// One KRaft node, broker and controller combined, on the loopback address: its settings and the
/// formatting of its directory.
record BrokerNode(int id, int port, int controllerPort) {
  private static final String METADATA = "meta.properties";

  static BrokerNode onFreePorts(int id) {
    return new BrokerNode(id, Ports.free(), Ports.free());
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  /// All settings of this node in a cluster of `all`, itself included.
  Map<String, String> settings(List<BrokerNode> all, Path directory) {
    var settings = new LinkedHashMap<>(tuning(all.size()));
    settings.put("process.roles", "broker,controller");
    settings.put("node.id", Integer.toString(id));
    settings.put(
        "controller.quorum.voters",
        all.stream()
            .map(node -> node.id + "@127.0.0.1:" + node.controllerPort)
            .collect(Collectors.joining(",")));
    settings.put(
        "listeners", "PLAINTEXT://" + address() + ",CONTROLLER://127.0.0.1:" + controllerPort);
    settings.put("advertised.listeners", "PLAINTEXT://" + address());
    settings.put("controller.listener.names", "CONTROLLER");
    settings.put("log.dirs", directory.toString());
    return settings;
  }

  /// What makes a broker quick and small, wherever it runs: internal topics of one partition with
  /// as many replicas as there are brokers, short heartbeats, few threads.
  static Map<String, String> tuning(int brokers) {
    var tuning = new LinkedHashMap<String, String>();
    tuning.put("auto.create.topics.enable", "false");
    for (var topic :
        List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
      tuning.put(topic + ".replication.factor", Integer.toString(brokers));
      tuning.put(topic + ".num.partitions", "1");
    }
    var inSync = Integer.toString(Math.max(1, brokers - 1));
    tuning.put("transaction.state.log.min.isr", inSync);
    tuning.put("share.coordinator.state.topic.min.isr", inSync);
    tuning.put("default.replication.factor", Integer.toString(brokers));
    tuning.put("min.insync.replicas", inSync);
    tuning.put("group.initial.rebalance.delay.ms", "0");
    tuning.put("group.min.session.timeout.ms", "1000");
    tuning.put("broker.session.timeout.ms", "1500"); // a restart after a crash waits this long
    tuning.put("broker.heartbeat.interval.ms", "500");
    // What nobody ended because its process was killed is ended soon after its time is over.
    tuning.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "200");
    for (var group : List.of("group.share", "group.consumer")) {
      tuning.put(group + ".min.heartbeat.interval.ms", "200");
      tuning.put(group + ".heartbeat.interval.ms", "200");
    }
    tuning.put("num.network.threads", "1");
    tuning.put("num.io.threads", "2");
    tuning.put("background.threads", "2");
    tuning.put("num.recovery.threads.per.data.dir", "1");
    tuning.put("log.cleaner.dedupe.buffer.size", "2097152");
    return tuning;
  }

  /// Makes the directory a node's, unless it is one already.
  void formatOnce(Path directory, Uuid clusterId) throws IOException {
    Files.createDirectories(directory);
    if (Files.exists(directory.resolve(METADATA))) {
      return;
    }
    try {
      new Formatter()
          .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, UTF_8))
          .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
          .setClusterId(clusterId.toString())
          .setNodeId(id)
          .setControllerListenerName("CONTROLLER")
          .setMetadataLogDirectory(directory.toString())
          .addDirectory(directory.toString())
          .run();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(directory + " could not be formatted for Kafka", e);
    }
  }
}

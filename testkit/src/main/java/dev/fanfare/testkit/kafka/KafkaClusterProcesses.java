package dev.fanfare.testkit.kafka;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;

/// Several brokers, each a process of its own, each holding a replica of everything; writes need
/// all but one. Any of them can be killed.
public final class KafkaClusterProcesses implements AutoCloseable {
  private final List<KafkaProcess> brokers;

  private KafkaClusterProcesses(List<KafkaProcess> brokers) {
    this.brokers = brokers;
  }

  /// Three brokers; returns when all of them serve.
  public static KafkaClusterProcesses start(Path directory) throws IOException {
    var nodes = IntStream.rangeClosed(1, 3).mapToObj(BrokerNode::onFreePorts).toList();
    var clusterId = Uuid.randomUuid();
    var cluster = new KafkaClusterProcesses(new ArrayList<>());
    try {
      for (var node : nodes) {
        var home = directory.resolve("broker-" + node.id());
        cluster.brokers.add(KafkaProcess.launch(node, nodes, home, clusterId));
      }
      cluster.brokers.forEach(KafkaProcess::awaitReady);
      return cluster;
    } catch (IOException | RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  /// All brokers, for `bootstrap.servers`.
  public String bootstrap() {
    return brokers.stream().map(KafkaProcess::bootstrap).collect(Collectors.joining(","));
  }

  /// The broker of that node id, from 1.
  public KafkaProcess broker(int id) {
    return brokers.get(id - 1);
  }

  @Override
  public void close() {
    brokers.forEach(KafkaProcess::kill); // their data is of no more use
  }
}

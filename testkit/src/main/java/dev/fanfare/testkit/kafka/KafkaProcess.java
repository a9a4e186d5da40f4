package dev.fanfare.testkit.kafka;

import dev.fanfare.testkit.process.ChildProcess;
import dev.fanfare.testkit.process.Launch;
import dev.fanfare.testkit.process.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.Uuid;

/// A broker in a child JVM of its own, for faults that must be real: [#kill] is `kill -9`.
///
/// One thread at a time kills and restarts.
public final class KafkaProcess implements AutoCloseable {
  private static final Duration READY_WITHIN = Duration.ofMinutes(3);
  private static final List<String> SMALL =
      Stream.concat(Launch.SMALL_JVM.stream(), Stream.of("-Xmx128m")).toList();

  private final BrokerNode node;
  private final Path directory;
  private final Path settings;
  private final List<String> jvmFlags;
  private ChildProcess process;

  private KafkaProcess(BrokerNode node, Path directory, Path settings, List<String> jvmFlags) {
    this.node = node;
    this.directory = directory;
    this.settings = settings;
    this.jvmFlags = List.copyOf(jvmFlags);
    this.process = launch();
  }

  /// A small broker alone on a free port; returns when it serves.
  public static KafkaProcess start(Path directory) throws IOException {
    return start(directory, SMALL, Map.of());
  }

  /// The same with flags for its JVM, where it is to do real work.
  ///
  /// @param overrides broker settings that win over the defaults here
  public static KafkaProcess start(
      Path directory, List<String> jvmFlags, Map<String, String> overrides) throws IOException {
    var node = BrokerNode.onFreePorts(1);
    var settings = node.settings(List.of(node), directory.resolve("data"));
    settings.putAll(overrides);
    var started = launch(node, settings, directory, Uuid.randomUuid(), jvmFlags);
    started.awaitReady();
    return started;
  }

  /// One of several brokers; returns at once.
  static KafkaProcess launch(BrokerNode node, List<BrokerNode> all, Path directory, Uuid clusterId)
      throws IOException {
    var settings = node.settings(all, directory.resolve("data"));
    return launch(node, settings, directory, clusterId, SMALL);
  }

  private static KafkaProcess launch(
      BrokerNode node,
      Map<String, String> settings,
      Path directory,
      Uuid clusterId,
      List<String> jvmFlags)
      throws IOException {
    node.formatOnce(directory.resolve("data"), clusterId);
    var file = directory.resolve("server.properties");
    var properties = new Properties();
    properties.putAll(settings);
    try (var out = Files.newBufferedWriter(file)) {
      properties.store(out, null);
    }
    return new KafkaProcess(node, directory, file, jvmFlags);
  }

  private ChildProcess launch() {
    return ChildProcess.start(
        new Launch(
            "Kafka broker " + node.id(),
            BrokerMain.class.getName(),
            Launch.ourClassPath(),
            Stream.concat(Launch.KAFKA_FLAGS.stream(), jvmFlags.stream()).toList(),
            List.of(settings.toString()),
            Map.of(),
            directory,
            directory.resolve("broker.log")));
  }

  /// `host:port` for `bootstrap.servers`; the same after a restart.
  public String bootstrap() {
    return node.address();
  }

  public int id() {
    return node.id();
  }

  public long pid() {
    return process.pid();
  }

  /// Waits until the broker is registered and serves.
  public void awaitReady() {
    process.awaitReady(this::serves, READY_WITHIN);
  }

  private boolean serves() {
    if (Ports.isFree(node.port())) {
      return false; // saves the log from a client's complaints
    }
    var patience = 2_000;
    try (var admin =
        Admin.create(
            Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap(),
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, patience,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, patience))) {
      return admin.describeCluster().nodes().get(patience, TimeUnit.MILLISECONDS).stream()
          .anyMatch(broker -> broker.id() == node.id());
    } catch (ExecutionException | TimeoutException e) {
      return false; // not yet: that's the answer
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// Ends it as `kill -9` does.
  public void kill() {
    process.kill();
  }

  /// Goes away politely, and stays away until [#restart].
  public void stop() {
    process.close();
  }

  /// Comes back with the same data on the same port; returns when it serves.
  public void restart() {
    process.close();
    process = launch();
    awaitReady();
  }

  @Override
  public void close() {
    process.kill(); // its data is of no more use
  }
}

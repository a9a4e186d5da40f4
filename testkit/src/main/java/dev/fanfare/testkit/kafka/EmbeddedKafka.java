package dev.fanfare.testkit.kafka;

import dev.fanfare.testkit.process.DirectoryLock;
import dev.fanfare.testkit.process.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;

/// One KRaft node, broker and controller combined, in this JVM. Its data survives in its directory,
/// a `kill -9` included. Internal topics have one replica and one partition; heartbeats are short,
/// so that a restart joins within a second.
///
/// A fault that must be a real kill needs [KafkaProcess]. One thread at a time stops and restarts.
public final class EmbeddedKafka implements AutoCloseable {
  private final Path directory;
  private final int port;
  private final Map<String, String> overrides;
  private DirectoryLock lock;
  private KafkaRaftServer server;
  private boolean running = true;

  private EmbeddedKafka(Path directory, int port, Map<String, String> overrides)
      throws IOException {
    this.directory = directory;
    this.port = port;
    this.overrides = Map.copyOf(overrides);
    this.lock = DirectoryLock.take(directory);
    this.server = startLocked();
  }

  /// Starts on a free port; returns when the broker is registered and listens.
  public static EmbeddedKafka start(Path directory) throws IOException {
    return start(directory, Ports.free(), Map.of());
  }

  /// @param directory where its data is and stays
  /// @param overrides broker settings that win over the defaults here
  /// @throws IllegalStateException if the broker can't start: the port is in use, the directory is
  ///   another broker's, or whatever Kafka says
  public static EmbeddedKafka start(Path directory, int port, Map<String, String> overrides)
      throws IOException {
    // Kafka ends the process on fatal errors, e.g. a taken port; it must not take this JVM along.
    Exit.setExitProcedure(EmbeddedKafka::refuseToExit);
    Exit.setHaltProcedure(EmbeddedKafka::refuseToExit);
    return new EmbeddedKafka(directory, port, overrides);
  }

  private static void refuseToExit(int status, String message) {
    throw new IllegalStateException(
        "Kafka would have ended the process: " + status + " " + message);
  }

  private KafkaRaftServer startLocked() throws IOException {
    try {
      Ports.requireFree(port);
      var node = new BrokerNode(1, port, Ports.free());
      node.formatOnce(directory, Uuid.randomUuid());
      var settings = new Properties();
      settings.putAll(node.settings(List.of(node), directory));
      settings.putAll(overrides);
      return startServer(settings);
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static KafkaRaftServer startServer(Properties settings) {
    var started = new KafkaRaftServer(KafkaConfig.fromProps(settings, false), Time.SYSTEM);
    try {
      started.startup();
      return started;
    } catch (RuntimeException e) {
      started.shutdown();
      throw e;
    }
  }

  /// `host:port` for `bootstrap.servers`; the same after a restart.
  public String bootstrap() {
    return "127.0.0.1:" + port;
  }

  /// Goes away politely, and stays away until [#restart].
  public void stop() {
    if (!running) {
      return;
    }
    running = false;
    server.shutdown();
    server.awaitShutdown();
    try {
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException("the lock of " + directory + " could not be given up", e);
    }
  }

  /// Comes back with the same data on the same port; stops first if need be.
  public void restart() throws IOException {
    stop();
    lock = DirectoryLock.take(directory);
    server = startLocked();
    running = true;
  }

  @Override
  public void close() {
    stop();
  }
}

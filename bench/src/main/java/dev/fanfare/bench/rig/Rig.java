package dev.fanfare.bench.rig;

import dev.fanfare.bench.load.BareLoop;
import dev.fanfare.dispatcher.app.Closer;
import dev.fanfare.testkit.kafka.KafkaProcess;
import dev.fanfare.testkit.registry.RegistryProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The machine set up for a measurement: a broker, a registry, a receiver and the floor, each in a
/// process of its own, all on the loopback address.
public final class Rig implements AutoCloseable {
  /// The broker does real work here, unlike in tests.
  public static final List<String> BROKER_FLAGS =
      List.of("-XX:+UseSerialGC", "-Xms512m", "-Xmx512m");

  private static final Map<String, String> BROKER_SETTINGS =
      Map.of(
          "broker.session.timeout.ms", "9000", // Kafka's own: the machine is to be busy
          "broker.heartbeat.interval.ms", "2000",
          "num.network.threads", "2",
          "num.io.threads", "4",
          "log.cleaner.dedupe.buffer.size", "16777216");

  private final Path directory;
  private final Closer closer = new Closer();
  private final KafkaProcess broker;
  private final RegistryProcess registry;

  private Rig(Path directory) throws IOException {
    this.directory = Files.createDirectories(directory.toAbsolutePath());
    try {
      registry = closer.add(RegistryProcess.start(this.directory.resolve("registry.log")));
      broker =
          closer.add(
              KafkaProcess.start(this.directory.resolve("kafka"), BROKER_FLAGS, BROKER_SETTINGS));
    } catch (IOException | RuntimeException e) {
      closer.close();
      throw e;
    }
  }

  /// Returns when broker and registry serve.
  public static Rig start(Path directory) throws IOException {
    return new Rig(directory);
  }

  public Path directory() {
    return directory;
  }

  public String bootstrap() {
    return broker.bootstrap();
  }

  String registry() {
    return registry.url();
  }

  public long brokerPid() {
    return broker.pid();
  }

  /// The quickest receiver there is here, for throughput.
  ///
  /// @param nginx its program; null for our own receiver
  public Receiver receiver(@Nullable Path nginx) throws IOException {
    return nginx == null ? sink() : keep(Nginx.start(nginx, directory));
  }

  /// The receiver that knows when each POST should have come.
  public Sink sink() {
    return keep(Sink.start(directory));
  }

  /// The bare loop, in a process of its own.
  public Floor floor(List<String> jvmFlags) {
    return keep(Floor.start(directory, BareLoop.class, jvmFlags));
  }

  /// @param partitions of its topics
  /// @param more configuration, as YAML at the top level
  public Stage stage(String name, int partitions, String more) throws IOException {
    return Stage.of(this, name, partitions, more);
  }

  /// Closes it with the rig.
  public <T extends AutoCloseable> T keep(T started) {
    return closer.add(started);
  }

  @Override
  public void close() {
    closer.close();
  }
}

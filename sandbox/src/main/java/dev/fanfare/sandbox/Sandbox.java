package dev.fanfare.sandbox;

import dev.fanfare.dispatcher.app.Closer;
import dev.fanfare.dispatcher.app.Fanfare;
import dev.fanfare.dispatcher.cluster.TopicAdmin;
import dev.fanfare.dispatcher.cluster.TopicPlan;
import dev.fanfare.dispatcher.config.ConfigFile;
import dev.fanfare.dispatcher.config.FanfareConfig;
import dev.fanfare.dispatcher.sealing.Keyset;
import dev.fanfare.dispatcher.sealing.KeysetFile;
import dev.fanfare.sandbox.demo.ApiClient;
import dev.fanfare.sandbox.demo.DemoReceiver;
import dev.fanfare.sandbox.demo.DemoSubscriptions;
import dev.fanfare.sandbox.demo.DemoTraffic;
import dev.fanfare.schemas.avro.EmailEvent;
import dev.fanfare.schemas.serde.AvroSerdes;
import dev.fanfare.schemas.topic.Topics;
import dev.fanfare.testkit.kafka.EmbeddedKafka;
import dev.fanfare.testkit.process.DirectoryLock;
import dev.fanfare.testkit.process.Ports;
import dev.fanfare.testkit.registry.RegistryProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Everything on this machine, on the loopback address: broker, registry, dispatcher in all roles
/// and, if wanted, demo traffic.
///
/// ```
/// demo traffic ─▶ email.events ─▶ dispatcher ─▶ demo receiver
///                 (Kafka)         (all roles)
/// ```
public final class Sandbox implements AutoCloseable {
  static final int EVENTS_PER_SECOND = 5;
  private static final String INPUT = Topics.DEFAULT_INPUT;

  private final SandboxSettings settings;
  private final Consumer<String> progress;
  private final Closer closer = new Closer();
  private final Instant began = Instant.now();
  private Duration took = Duration.ZERO;
  private Optional<DemoReceiver> receiver = Optional.empty();

  private Sandbox(SandboxSettings settings, Consumer<String> progress) {
    this.settings = settings;
    this.progress = progress;
  }

  /// Returns when everything works.
  ///
  /// @param progress told what is being done, a line at a time
  /// @throws CannotStart if a port or the directory is in use, or a part does not start
  public static Sandbox start(SandboxSettings settings, Consumer<String> progress) {
    var sandbox = new Sandbox(settings, progress);
    try {
      sandbox.closer.add(lock(settings.directory()));
      requireFreePorts(settings);
      sandbox.startParts();
      return sandbox;
    } catch (IOException e) {
      sandbox.close();
      throw new CannotStart(e.getMessage() + "; see " + SandboxLog.below(settings.directory()), e);
    } catch (RuntimeException e) {
      sandbox.close();
      throw e;
    }
  }

  private static DirectoryLock lock(Path directory) throws IOException {
    try {
      return DirectoryLock.take(directory);
    } catch (IllegalStateException e) {
      throw new CannotStart(
          "another Fanfare runs in %s; stop it or choose another with --data-dir"
              .formatted(directory),
          e);
    }
  }

  private static void requireFreePorts(SandboxSettings settings) {
    var wanted = new LinkedHashMap<String, Integer>();
    wanted.put("--port", settings.port());
    wanted.put("--kafka-port", settings.kafkaPort());
    wanted.put("--registry-port", settings.registryPort());
    var taken =
        wanted.entrySet().stream()
            .filter(port -> !Ports.isFree(port.getValue()))
            .map(port -> "port %d (%s)".formatted(port.getValue(), port.getKey()))
            .toList();
    if (!taken.isEmpty()) {
      throw new CannotStart(
          "%s %s in use; choose another with the option"
              .formatted(String.join(" and ", taken), taken.size() == 1 ? "is" : "are"));
    }
  }

  private void startParts() throws IOException {
    var directory = settings.directory();
    progress.accept("starting the schema registry and Kafka ...");
    // The registry starts by itself, in a process of its own, while Kafka starts in this one.
    var registry =
        closer.add(
            RegistryProcess.launch(
                settings.registryPort(),
                directory.resolve("registry"),
                SandboxLog.below(directory).resolve("registry.log")));
    closer.add(EmbeddedKafka.start(directory.resolve("kafka"), settings.kafkaPort(), Map.of()));
    var config =
        FanfareConfig.load(ConfigFile.of("sandbox", configuration(keyset())), System.getenv());
    progress.accept("creating topics ...");
    try (var topics = TopicAdmin.connect(config.kafka())) {
      topics.createMissing(TopicPlan.of(config.topics(), config.ladder()));
    }
    registry.awaitReady();
    // There before the dispatcher and gone after it: what waits from last time finds it.
    if (settings.demo()) {
      receiver =
          Optional.of(closer.add(DemoReceiver.start(directory.resolve("demo-receiver.port"))));
    }
    progress.accept("starting the dispatcher ...");
    closer.add(Fanfare.start(config));
    if (receiver.isPresent()) {
      progress.accept("starting the demo ...");
      DemoSubscriptions.ensure(new ApiClient(api()), receiver.get());
      var events = new AvroSerdes(config.registry()).<EmailEvent>serializer();
      closer.add(DemoTraffic.start(bootstrap(), INPUT, events, EVENTS_PER_SECOND));
    }
    took = Duration.between(began, Instant.now());
  }

  /// Beside the data that it seals; another directory has another.
  private Path keyset() throws IOException {
    var file = settings.directory().resolve("keyset.json");
    if (!Files.exists(file)) {
      KeysetFile.create(file, Keyset.create());
    }
    return file;
  }

  private static String quoted(Path path) {
    return path.toString().replace("\\", "\\\\");
  }

  /// Only what is no default; the environment wins over it, as everywhere.
  ///
  /// @param keyset the file
  private String configuration(Path keyset) {
    return """
    kafka:
      bootstrap.servers: %s
    schema_registry:
      schema.registry.url: %s
    topics:
      input: %s
      partitions: 4
    secrets:
      keyset_file: "%s"
    log:
      directory: "%s"
    api:
      port: %d
      open: true
    egress:
      allow_http: true
      allowed_networks: [127.0.0.0/8, "::1/128"]
    """
        .formatted(
            bootstrap(),
            registry(),
            INPUT,
            quoted(keyset),
            quoted(settings.directory().resolve("log")),
            settings.port());
  }

  public SandboxSettings settings() {
    return settings;
  }

  /// How long the start took.
  public Duration took() {
    return took;
  }

  /// Whether a delivery of the demo has arrived within the time; `false` without a demo.
  boolean awaitDemo(Duration within) throws InterruptedException {
    return receiver.isPresent() && receiver.get().awaitFirst(within);
  }

  /// Where API and dashboard are.
  public URI api() {
    return URI.create("http://localhost:" + settings.port());
  }

  /// `host:port` for `bootstrap.servers`.
  public String bootstrap() {
    return "localhost:" + settings.kafkaPort();
  }

  /// Where Confluent's API is, for `schema.registry.url`.
  public URI registry() {
    return URI.create("http://localhost:" + settings.registryPort() + "/apis/ccompat/v7");
  }

  /// The topic that events arrive on.
  public String input() {
    return INPUT;
  }

  @Override
  public void close() {
    closer.close();
  }
}

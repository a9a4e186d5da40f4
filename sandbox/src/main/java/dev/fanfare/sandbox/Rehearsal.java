package dev.fanfare.sandbox;

import com.sun.net.httpserver.HttpServer;
import dev.fanfare.dispatcher.cluster.KafkaSettings;
import dev.fanfare.dispatcher.cluster.TopicAdmin;
import dev.fanfare.dispatcher.cluster.TopicPlan;
import dev.fanfare.dispatcher.config.ConfigFile;
import dev.fanfare.dispatcher.config.FanfareConfig;
import dev.fanfare.dispatcher.sealing.Keyset;
import dev.fanfare.dispatcher.sealing.KeysetFile;
import dev.fanfare.sandbox.demo.ApiClient;
import dev.fanfare.testkit.kafka.EmbeddedKafka;
import dev.fanfare.testkit.process.Ports;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// A dispatcher's day in short, for the JVM to learn from: started out of its distribution against
/// a real broker, it delivers, retries and tells, and ends as it would in a cluster. Then it writes
/// down its classes, laid out and linked (`-XX:AOTCacheOutput`), so that later starts take less
/// than half the time. Run once when a container image is built.
public final class Rehearsal {
  private static final Duration EACH_STEP = Duration.ofMinutes(3);
  private static final int EVENTS = 300;

  private final Path home;
  private final Path directory;

  private Rehearsal(Path home, Path directory) {
    this.home = home;
    this.directory = directory;
  }

  /// @param args the distribution's folder, where `lib/fanfare.aot` is written
  public static void main(String[] args) throws IOException, InterruptedException {
    new Rehearsal(Path.of(args[0]), Files.createTempDirectory("rehearsal")).run();
    System.exit(0); // whatever threads the broker has left
  }

  private void run() throws IOException, InterruptedException {
    var posts = new Semaphore(0);
    var receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
            boolean fails = exchange.getRequestURI().getPath().equals("/failing");
            exchange.sendResponseHeaders(fails ? 503 : 204, -1);
            posts.release();
          }
        });
    receiver.start();
    try (var broker = EmbeddedKafka.start(directory.resolve("kafka"))) {
      int port = Ports.free();
      var environment = environment(broker.bootstrap(), port);
      makeTopics(broker.bootstrap());
      rehearse(environment, URI.create("http://127.0.0.1:" + port), receiver, posts);
    } finally {
      receiver.stop(0);
    }
  }

  private void rehearse(
      Map<String, String> environment, URI address, HttpServer receiver, Semaphore posts)
      throws IOException, InterruptedException {
    var cache = home.resolve("lib/fanfare.aot");
    Files.deleteIfExists(cache);
    var builder = new ProcessBuilder(home.resolve("bin/fanfare").toString(), "run").inheritIO();
    builder.environment().putAll(environment);
    builder.environment().put("FANFARE_JAVA_OPTS", "-XX:AOTCacheOutput=" + cache);
    var dispatcher = builder.start();
    try {
      var api = new ApiClient(address);
      await("ready", () -> isGood(api, "/health/ready"));
      for (var path : List.of("/", "/failing")) {
        var url = "http://127.0.0.1:" + receiver.getAddress().getPort() + path;
        require(
            api.post(
                "/v1/subscriptions",
                Map.of("tenant", "acme", "url", url, "event_types", List.of("*"))));
      }
      for (int i = 0; i < EVENTS; i++) {
        require(
            api.post(
                "/v1/events",
                Map.of(
                    "tenant", "acme",
                    "type", "email.delivered",
                    "recipient", "ada@customer.example",
                    "message_id", "msg_" + i)));
      }
      if (!posts.tryAcquire(EVENTS, EACH_STEP.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException("only %d POSTs".formatted(posts.availablePermits()));
      }
      await("the log", () -> isGood(api, "/v1/deliveries?limit=1"));
      await("the ledger", () -> isGood(api, "/v1/ledger"));
      var _ = isGood(api, "/metrics"); // no JSON, but made
      dispatcher.destroy(); // as a cluster does: SIGTERM
      if (!dispatcher.waitFor(EACH_STEP.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException("it does not end");
      }
    } finally {
      dispatcher.destroyForcibly();
    }
    if (!Files.exists(cache)) {
      throw new IllegalStateException(cache + " was not written");
    }
    System.out.printf("rehearsed: %s, %d MiB%n", cache, Files.size(cache) >> 20);
  }

  private Map<String, String> environment(String bootstrap, int port) throws IOException {
    var keyset = directory.resolve("keyset.json");
    KeysetFile.create(keyset, Keyset.create());
    return Map.of(
        "FANFARE_KAFKA_BOOTSTRAP_SERVERS", bootstrap,
        "FANFARE_SCHEMA_REGISTRY_SCHEMA_REGISTRY_URL", "mock://rehearsal",
        "FANFARE_SECRETS_KEYSET_FILE", keyset.toString(),
        "FANFARE_LOG_DIRECTORY", directory.resolve("log").toString(),
        "FANFARE_API_HOST", "127.0.0.1",
        "FANFARE_API_PORT", Integer.toString(port),
        "FANFARE_API_OPEN", "true",
        "FANFARE_EGRESS_ALLOW_HTTP", "true",
        "FANFARE_EGRESS_ALLOWED_NETWORKS", "127.0.0.0/8");
  }

  private static void makeTopics(String bootstrap) {
    var config = FanfareConfig.load(ConfigFile.empty(), Map.of());
    try (var topics = TopicAdmin.connect(KafkaSettings.at(bootstrap))) {
      var _ = topics.createMissing(TopicPlan.of(config.topics(), config.ladder()));
    }
  }

  private static void require(ApiClient.Said said) {
    if (!said.isGood()) {
      throw new IllegalStateException("refused: " + said);
    }
  }

  private static boolean isGood(ApiClient api, String path) {
    try {
      return api.get(path).isGood();
    } catch (IOException e) {
      return false; // not yet
    }
  }

  private static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + EACH_STEP.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("no " + what + " within " + EACH_STEP);
      }
      Thread.sleep(100);
    }
  }
}

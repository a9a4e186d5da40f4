package dev.fanfare.sandbox.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fanfare.testkit.process.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// The image is built and the compose file brought up, on a Docker engine; events go from its API
/// to its receiver, also while one of its dispatchers is killed and comes back.
@EnabledIfSystemProperty(
    named = "fanfare.test.kafka",
    matches = "containers",
    disabledReason = "needs a Docker engine: run with -Pcontainers")
class ComposeST {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Duration ENOUGH = Duration.ofMinutes(5);
  private static final String IMAGE = "fanfare:system-test";
  private static final String KEY = "the-key-of-the-system-test";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration POLL = Duration.ofMillis(50);
  private static final int EVENTS = 300;

  private static final int PORT_1 = Ports.free();
  private static final int PORT_2 = Ports.free();
  private static final Program PROGRAM =
      new Program(
          ROOT,
          Map.of(
              "FANFARE_IMAGE",
              IMAGE,
              "FANFARE_API_KEY",
              KEY,
              "FANFARE_PORT_1",
              Integer.toString(PORT_1),
              "FANFARE_PORT_2",
              Integer.toString(PORT_2)));

  private static List<String> compose = List.of();

  private final HttpClient http = HttpClient.newHttpClient();

  @BeforeAll
  static void up() throws Exception {
    compose =
        Stream.of(List.of("docker", "compose"), List.of("docker-compose"))
            .filter(ComposeST::isThere)
            .findFirst()
            .orElse(List.of());
    assumeTrue(!compose.isEmpty(), "neither docker compose nor docker-compose is there");
    for (var distribution : List.of("dispatcher", "sandbox")) {
      var lib = ROOT.resolve(distribution).resolve("target/fanfare/lib/fanfare.jar");
      assertThat(lib).as("package first").exists();
    }
    var built = Instant.now();
    var _ =
        PROGRAM.run(List.of("docker", "build", "-f", "deploy/image/Dockerfile", "-t", IMAGE, "."));
    System.out.printf(
        "the image was built in %d s and has %d MiB%n",
        Duration.between(built, Instant.now()).toSeconds(),
        Long.parseLong(PROGRAM.run(List.of("docker", "inspect", "-f", "{{.Size}}", IMAGE))) >> 20);
    var _ = compose("up", "-d", "--no-build");
  }

  private static boolean isThere(List<String> command) {
    try {
      return PROGRAM.succeeds(Stream.concat(command.stream(), Stream.of("version")).toList());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @AfterAll
  static void down() throws Exception {
    if (!compose.isEmpty()) {
      System.out.println(compose("logs", "--tail", "15", "dispatcher-2"));
      var _ = compose("down", "-v", "--remove-orphans");
    }
  }

  @Test
  void aKilledDispatcherIsReplacedAndEverythingArrives() throws Exception {
    // Given
    awaitReady(PORT_1);
    awaitReady(PORT_2);
    var dispatcher = compose("ps", "-q", "dispatcher-2");
    assertThat(inspect(dispatcher, "{{.Config.User}} {{.HostConfig.ReadonlyRootfs}}"))
        .isEqualTo("10001:10001 true");
    await().atMost(ENOUGH).until(() -> get(PORT_1, "/v1/subscriptions").path("items").size() == 1);
    send(0);
    awaitDelivered(EVENTS);

    // When: as by the kernel when memory is short. `docker kill` would be an order to stay away.
    var pid = inspect(dispatcher, "{{.State.Pid}}");
    int restarts = Integer.parseInt(inspect(dispatcher, "{{.RestartCount}}"));
    send(1);
    var _ =
        PROGRAM.run(
            List.of(
                "docker",
                "run",
                "--rm",
                "--pid=host",
                "--user=0",
                "--entrypoint=/bin/sh",
                IMAGE,
                "-c",
                "kill -9 " + pid));
    send(2);

    // Then
    await()
        .atMost(ENOUGH)
        .until(
            () -> inspect(dispatcher, "{{.RestartCount}} {{.State.Running}}"),
            it -> it.equals(restarts + 1 + " true"));
    awaitReady(PORT_2);
    assertThat(inspect(dispatcher, "{{.State.Pid}}")).isNotEqualTo(pid);
    send(3);
    awaitDelivered(4 * EVENTS);
    await()
        .atMost(ENOUGH)
        .until(() -> inspect(dispatcher, "{{.State.Health.Status}}").equals("healthy"));
    tellHowLongAStartTakes(dispatcher);
    var received = PROGRAM.tried(List.of("docker", "logs", compose("ps", "-q", "receiver"))).said();
    assertThat(received.lines().filter(it -> it.contains("  id evt_")))
        .hasSizeGreaterThanOrEqualTo(4 * EVENTS);
  }

  /// After a farewell: who comes back after a kill waits for its predecessor's membership to end.
  private void tellHowLongAStartTakes(String dispatcher) throws Exception {
    var _ = PROGRAM.run(List.of("docker", "restart", "-t", "60", dispatcher));
    var began = Instant.parse(inspect(dispatcher, "{{.State.StartedAt}}"));
    await().atMost(ENOUGH).pollInterval(POLL).until(() -> status(PORT_2, "/health/live") == 200);
    var live = Duration.between(began, Instant.now());
    awaitReady(PORT_2);
    var ready = Duration.between(began, Instant.now());
    System.out.printf(
        "a container lives %d ms after its start and is ready after %d ms%n",
        live.toMillis(), ready.toMillis());
  }

  /// The versions are those that everything else is tested with.
  @Test
  void namesTheImagesOfTheBuild() throws IOException {
    var file = Files.readString(ROOT.resolve("deploy/compose/compose.yaml"));

    assertThat(file)
        .contains("image: " + System.getProperty("fanfare.test.kafka.image") + "\n")
        .contains("image: " + System.getProperty("fanfare.test.registry.image") + "\n");
  }

  private static String compose(String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<>(compose);
    command.addAll(List.of("-p", "fanfare-system-test", "-f", "deploy/compose/compose.yaml"));
    command.addAll(List.of(arguments));
    return PROGRAM.run(command);
  }

  private static String inspect(String container, String format)
      throws IOException, InterruptedException {
    return PROGRAM.run(List.of("docker", "inspect", "-f", format, container));
  }

  private void awaitReady(int port) {
    await().atMost(ENOUGH).pollInterval(POLL).until(() -> status(port, "/health/ready") == 200);
  }

  /// The ledger of both, asked of one: nothing is lost, and nothing waits.
  private void awaitDelivered(int number) {
    await()
        .atMost(ENOUGH)
        .until(
            () -> get(PORT_1, "/v1/ledger"),
            sums ->
                sums.path("complete").asBoolean()
                    && sums.path("opened").asInt() == number
                    && sums.path("delivered").asInt() == number
                    && sums.path("unaccounted").asInt() == 0);
  }

  private void send(int round) throws IOException, InterruptedException {
    var events = new ArrayList<Map<String, String>>();
    for (int i = 0; i < EVENTS; i++) {
      var id = "evt_" + round + "_" + i;
      events.add(
          Map.of(
              "event_id", id,
              "tenant", "demo",
              "type", "email.delivered",
              "recipient", "ada@customer.example",
              "message_id", id));
    }
    var response =
        http.send(
            request(PORT_1, "/v1/events")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(events)))
                .build(),
            BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
  }

  private static HttpRequest.Builder request(int port, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofSeconds(30))
        .header("Authorization", "Bearer " + KEY);
  }

  private int status(int port, String path) throws InterruptedException {
    try {
      return http.send(request(port, path).build(), BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      return 0; // it does not listen yet
    }
  }

  private JsonNode get(int port, String path) throws IOException, InterruptedException {
    return JSON.readTree(http.send(request(port, path).build(), BodyHandlers.ofByteArray()).body());
  }
}

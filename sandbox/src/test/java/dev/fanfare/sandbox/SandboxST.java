package dev.fanfare.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fanfare.dispatcher.cli.ExitCode;
import dev.fanfare.sandbox.demo.ApiClient;
import dev.fanfare.testkit.process.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `fanfare dev`, from its first line to Ctrl-C, and what it starts.
class SandboxST {
  private static final Duration ENOUGH = Duration.ofSeconds(90);
  private static final int INTERRUPTED = 130;
  private static final Pattern DELIVERED =
      Pattern.compile(
          "fanfare_deliveries_settled_total\\{outcome=\"delivered\",type=\"[a-z._]+\"} ([0-9.E]+)");

  @TempDir Path directory;

  @Test
  void deliversItsDemoUntilCtrlCAndKeepsItsDataOverARestart() throws Exception {
    int port = Ports.free();
    String[] options = {
      "--port", "" + port,
      "--kafka-port", "" + Ports.free(),
      "--registry-port", "" + Ports.free(),
      "--data-dir", "data"
    };
    var api = new ApiClient(URI.create("http://127.0.0.1:" + port));
    Set<String> subscriptions;
    try (var dev = DevProcess.start(directory, options)) {
      System.out.println("fanfare dev, first start: " + dev.awaitReady());
      assertThat(dev.said())
          .contains("starting the schema registry and Kafka ...", "Ctrl-C stops everything")
          .contains("API and dashboard   http://localhost:" + port);
      await().atMost(ENOUGH).until(() -> delivered(port) > 20);
      subscriptions = subscriptions(api);
      assertThat(subscriptions).hasSizeGreaterThan(3);

      var children = dev.interrupt();

      assertThat(dev.awaitEnd()).isEqualTo(INTERRUPTED);
      assertThat(dev.said()).endsWith("stopping ...\nstopped\n");
      assertThat(dev.complained()).isEmpty();
      assertThat(children).isNotEmpty().noneMatch(ProcessHandle::isAlive);
    }

    try (var again = DevProcess.start(directory, options)) {
      System.out.println("fanfare dev, second start: " + again.awaitReady());

      assertThat(subscriptions(api)).isEqualTo(subscriptions);
      await().atMost(ENOUGH).until(() -> delivered(port) > 20);

      try (var third = DevProcess.start(directory, "--port", "" + port, "--data-dir", "other")) {
        assertThat(third.awaitEnd()).isEqualTo(ExitCode.UNAVAILABLE);
        assertThat(third.complained())
            .startsWith("fanfare: port " + port + " (--port)")
            .contains("in use; choose another with the option")
            .hasLineCount(1);
      }
    }
  }

  @Test
  void checksThisMachineAndEnds() throws Exception {
    try (var check = DevProcess.start(directory, "--check")) {
      assertThat(check.awaitEnd()).isEqualTo(ExitCode.OK);

      assertThat(check.said()).contains("works: up after ", "first event was delivered");
      assertThat(check.complained()).isEmpty();
    }
  }

  private static Set<String> subscriptions(ApiClient api) throws IOException {
    return api.list("/v1/subscriptions").stream()
        .map(subscription -> subscription.path("id").asText())
        .collect(Collectors.toSet());
  }

  private static double delivered(int port) throws IOException, InterruptedException {
    try (var http = HttpClient.newHttpClient()) {
      var metrics = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"));
      return DELIVERED
          .matcher(http.send(metrics.build(), BodyHandlers.ofString()).body())
          .results()
          .mapToDouble(found -> Double.parseDouble(found.group(1)))
          .sum();
    }
  }

  @Test
  void saysWhichPortIsInUseBeforeItStartsAnything() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var settings =
          new SandboxSettings(Ports.free(), taken.getLocalPort(), Ports.free(), directory, false);
      var progress = new ArrayList<String>();

      assertThatThrownBy(() -> Sandbox.start(settings, progress::add))
          .isInstanceOf(CannotStart.class)
          .hasMessageContaining("port " + taken.getLocalPort() + " (--kafka-port) is in use")
          .message()
          .doesNotContain("\n");
      assertThat(progress).isEmpty();
    }
  }

  @Test
  void keepsADirectoryToOneInstance() {
    try (var first = Sandbox.start(settings(), _ -> {})) {
      assertThat(first.took()).isPositive();
      assertThatThrownBy(() -> Sandbox.start(settings(), _ -> {}))
          .isInstanceOf(CannotStart.class)
          .hasMessageContaining("another Fanfare runs in");
    }
  }

  private SandboxSettings settings() {
    return new SandboxSettings(Ports.free(), Ports.free(), Ports.free(), directory, false);
  }
}

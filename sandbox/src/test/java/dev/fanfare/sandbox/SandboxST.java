package dev.fanfare.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fanfare.sandbox.demo.ApiClient;
import dev.fanfare.testkit.process.Ports;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `fanfare dev` starts.
class SandboxST {
  private static final Duration ENOUGH = Duration.ofSeconds(60);

  @TempDir Path directory;

  @Test
  void deliversItsDemoAndKeepsItsSubscriptionsOverARestart() throws Exception {
    var settings = settings(true);
    int subscriptions;
    try (var sandbox = Sandbox.start(settings, _ -> {})) {
      var api = new ApiClient(sandbox.api());
      subscriptions = api.list("/v1/subscriptions").size();
      await().atMost(ENOUGH).until(() -> sandbox.demoPosts() > 20);
    }

    try (var sandbox = Sandbox.start(settings, _ -> {})) {
      var api = new ApiClient(sandbox.api());

      assertThat(subscriptions).isGreaterThan(3);
      assertThat(api.list("/v1/subscriptions")).hasSize(subscriptions);
      await().atMost(ENOUGH).until(() -> sandbox.demoPosts() > 20);
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
    try (var first = Sandbox.start(settings(false), _ -> {})) {
      assertThat(first.took()).isPositive();
      assertThatThrownBy(() -> Sandbox.start(settings(false), _ -> {}))
          .isInstanceOf(CannotStart.class)
          .hasMessageContaining("another Fanfare runs in");
    }
  }

  private SandboxSettings settings(boolean demo) {
    return new SandboxSettings(Ports.free(), Ports.free(), Ports.free(), directory, demo);
  }
}

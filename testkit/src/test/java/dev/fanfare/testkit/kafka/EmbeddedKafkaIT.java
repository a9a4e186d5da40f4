package dev.fanfare.testkit.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.testkit.process.Ports;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaIT {
  @TempDir Path directory;

  @Test
  void keepsItsDataAndItsPortOverARestart() throws Exception {
    try (var broker = EmbeddedKafka.start(directory)) {
      var messages = new Messages(broker.bootstrap(), "kept");
      messages.createTopic();
      messages.write(0, 100);

      broker.restart();

      assertThat(messages.read(100)).isEqualTo(Messages.numbered(0, 100));
    }
  }

  @Test
  void saysThatThePortIsInUseAndStartsOnceItIsFree() throws Exception {
    int port;
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = taken.getLocalPort();
      assertThatThrownBy(() -> EmbeddedKafka.start(directory, port, Map.of()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("port " + port + " is in use");
    }
    try (var broker = EmbeddedKafka.start(directory, port, Map.of())) {
      assertThat(broker.bootstrap()).endsWith(":" + port);
    }
  }

  @Test
  void keepsADirectoryToOneBroker() throws Exception {
    try (var first = EmbeddedKafka.start(directory)) {
      assertThat(first.bootstrap()).isNotBlank();
      assertThatThrownBy(() -> EmbeddedKafka.start(directory))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(directory + " is in use by another process");
    }
  }

  @Test
  void outlivesASettingThatKafkaRefuses() throws Exception {
    var port = Ports.free();
    assertThatThrownBy(() -> EmbeddedKafka.start(directory, port, Map.of("num.io.threads", "many")))
        .hasMessageContaining("num.io.threads");

    try (var broker = EmbeddedKafka.start(directory, port, Map.of())) {
      assertThat(broker.bootstrap()).endsWith(":" + port);
    }
  }
}

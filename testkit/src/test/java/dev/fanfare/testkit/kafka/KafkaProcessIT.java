package dev.fanfare.testkit.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaProcessIT {
  @TempDir Path directory;

  @Test
  void hasWhatItAcknowledgedAfterAKill() throws Exception {
    try (var broker = KafkaProcess.start(directory)) {
      var messages = new Messages(broker.bootstrap(), "kept");
      messages.createTopic();
      messages.write(0, 100);

      broker.kill();
      broker.restart();

      assertThat(messages.read(100)).isEqualTo(Messages.numbered(0, 100));
    }
  }

  @Test
  void threeTakeWritesWithAnyOneKilled() throws Exception {
    try (var cluster = KafkaClusterProcesses.start(directory)) {
      var messages = new Messages(cluster.bootstrap(), "replicated");
      messages.createTopic();
      messages.write(0, 10);

      cluster.broker(1).kill();
      messages.write(10, 20);
      cluster.broker(1).restart();
      cluster.broker(2).kill();
      messages.write(20, 30);

      assertThat(messages.read(30)).isEqualTo(Messages.numbered(0, 30));
    }
  }
}

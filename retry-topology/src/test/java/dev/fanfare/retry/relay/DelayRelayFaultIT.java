package dev.fanfare.retry.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.retry.KafkaRig;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class DelayRelayFaultIT {
  @TempDir Path directory;
  private KafkaRig kafka;

  @BeforeEach
  void start() throws Exception {
    kafka = KafkaRig.own(directory);
  }

  @AfterEach
  void stop() {
    kafka.close();
  }

  @Test
  void relaysComeAndGoInTheMiddleAndNothingIsLostOrDoubled() throws Exception {
    int count = 6_000;
    try (var rig = new RelayRig(kafka, 4, "200ms", "500ms", "1s")) {
      RelayRig.awaitRunning(rig.relay(RelaySettings.defaults("a"), client()));
      var sends = new ArrayList<Future<RecordMetadata>>();
      DelayRelay second = null;
      for (int i = 0; i < count; i++) {
        if (i == count / 3) {
          second = rig.relay(RelaySettings.defaults("b"), client());
        }
        if (i == count * 2 / 3 && second != null) {
          second.close();
        }
        if (i % 10 == 0) {
          Thread.sleep(5);
        }
        var now = Instant.now();
        sends.add(rig.put("key" + i % 100, i, now, now.plusMillis(300 + i % 1_500)));
      }
      rig.written(sends);
      rig.awaitReleased(count, Duration.ofSeconds(60));
      RelayRig.print("a second relay came and went", rig.requireEachOnceAndNoneEarly(count));
    }
  }

  @Test
  void aRelayKilledInTheMiddleLosesAndDoublesNothing() throws Exception {
    int count = 6_000;
    try (var rig = new RelayRig(kafka, 4, "200ms", "500ms", "1s")) {
      var victim = RelayProcess.start(rig, "victim");
      try {
        var sends = new ArrayList<Future<RecordMetadata>>();
        sends.add(rig.put("200ms", "first", 0, Instant.now()));
        rig.awaitReleased(1, Duration.ofSeconds(60)); // it works
        var survivor = rig.relay(RelaySettings.defaults("survivor"), client());
        RelayRig.awaitRunning(survivor);
        for (int i = 1; i < count; i++) {
          if (i == count / 2) {
            victim.destroyForcibly();
          }
          if (i % 10 == 0) {
            Thread.sleep(5);
          }
          var now = Instant.now();
          sends.add(rig.put("key" + i % 100, i, now, now.plusMillis(300 + i % 1_500)));
        }
        rig.written(sends);
        assertThat(victim.isAlive()).isFalse();
        rig.awaitReleased(count, Duration.ofSeconds(90));
        assertThat(survivor.health()).isEqualTo(new RelayHealth.Running(12));
        RelayRig.print("one of two killed", rig.requireEachOnceAndNoneEarly(count));
      } finally {
        victim.destroyForcibly();
      }
    }
  }

  @Test
  void aBrokerRestartInTheMiddleLosesAndDoublesNothing() throws Exception {
    int count = 4_000;
    try (var rig = new RelayRig(kafka, 3, "200ms", "500ms", "1s")) {
      var relay = rig.relay(RelaySettings.defaults("a"), client());
      RelayRig.awaitRunning(relay);
      var sends = new ArrayList<Future<RecordMetadata>>();
      for (int i = 0; i < count; i++) {
        var now = Instant.now();
        sends.add(rig.put("key" + i % 100, i, now, now.plusMillis(200 + i % 2_000)));
      }
      rig.written(sends);
      rig.awaitReleased(count / 10, Duration.ofSeconds(60));
      kafka.stop();
      kafka.start();
      rig.awaitReleased(count, Duration.ofSeconds(90));
      await().atMost(Duration.ofSeconds(60)).until(() -> relay.health().ready());
      RelayRig.print("broker restarted", rig.requireEachOnceAndNoneEarly(count));
    }
  }

  @Test
  void aRelayThatStartsBeforeItsBrokerWorksWhenItComes() throws Exception {
    try (var rig = new RelayRig(kafka, 1, "200ms")) {
      kafka.stop();
      var relay = rig.relay(RelaySettings.defaults("a"), client());
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> relay.health() instanceof RelayHealth.Failed);
      kafka.start();
      RelayRig.awaitRunning(relay);
    }
  }

  @Test
  void aRelayWhoseBrokerIsAwayClosesWithinItsBound() throws Exception {
    try (var rig = new RelayRig(kafka, 1, "200ms")) {
      var relay = rig.relay(RelaySettings.defaults("a"), client());
      RelayRig.awaitRunning(relay);
      rig.put("200ms", "key", 0, Instant.now().plusMillis(200)).get();
      kafka.stop();
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> relay.health() instanceof RelayHealth.Failed);
      var began = Instant.now();
      relay.close();
      assertThat(Duration.between(began, Instant.now())).isLessThan(Duration.ofSeconds(15));
    }
  }

  @Test
  void aFencedRelayStartsAgain() throws Exception {
    try (var rig = new RelayRig(kafka, 2, "200ms")) {
      RelayRig.awaitRunning(rig.relay(RelaySettings.defaults("same"), client()));
      rig.written(List.of(rig.put("200ms", "k", 0, Instant.now())));
      rig.awaitReleased(1, Duration.ofSeconds(30));
      var thief = new RelayClients(client(), RelaySettings.defaults("same"), rig.topics).producer();
      assertThat(thief.prepare()).isEmpty();
      thief.close();
      for (int i = 1; i < 200; i++) {
        rig.put("200ms", "k" + i, i, Instant.now().plusMillis(200)).get();
      }
      rig.awaitReleased(200, Duration.ofSeconds(60));
      rig.requireEachOnceAndNoneEarly(200);
    }
  }

  private Map<String, Object> client() {
    var client = kafka.client();
    client.put("max.block.ms", 1_000);
    client.put("session.timeout.ms", 3_000);
    client.put("transaction.timeout.ms", 5_000);
    return client;
  }
}

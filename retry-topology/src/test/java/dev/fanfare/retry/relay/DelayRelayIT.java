package dev.fanfare.retry.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.retry.KafkaRig;
import dev.fanfare.retry.ladder.DelayLadder;
import dev.fanfare.retry.relay.RelayHealth.Closed;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class DelayRelayIT {
  private final KafkaRig kafka = KafkaRig.shared();

  @Test
  void releasesEachOnceNeverEarlyWithKeyAndHeaders() throws Exception {
    try (var rig = new RelayRig(kafka, 3, "200ms", "500ms", "1s")) {
      RelayRig.awaitRunning(rig.relay("a"));
      var dice = new Random(1);
      var sends = new ArrayList<Future<RecordMetadata>>();
      for (int i = 0; i < 500; i++) {
        var now = Instant.now();
        sends.add(rig.put("key" + i % 7, i, now, now.plusMillis(dice.nextInt(1_500))));
      }
      rig.written(sends);
      rig.awaitReleased(500, Duration.ofSeconds(30));

      assertThat(rig.released()).allSatisfy(one -> assertThat(one.other()).isEqualTo(one.key()));
      assertThat(rig.meters.find("fanfare.retry.released").counters())
          .satisfies(
              all -> assertThat(all.stream().mapToDouble(c -> c.count()).sum()).isEqualTo(500));
      await()
          .untilAsserted(() ->
              assertThat(rig.meters.find("fanfare.retry.overdue").gauges())
                  .hasSize(3)
                  .allSatisfy(gauge -> assertThat(gauge.value()).isZero()));
      RelayRig.print("500 random waits up to 1.5 s", rig.requireEachOnceAndNoneEarly(500));
    }
  }

  @Test
  void equalWaitsOfOneKeyKeepTheirOrder() throws Exception {
    try (var rig = new RelayRig(kafka, 2, "200ms", "500ms")) {
      RelayRig.awaitRunning(rig.relay("a"));
      var sends = new ArrayList<Future<RecordMetadata>>();
      for (int i = 0; i < 2_000; i++) {
        sends.add(rig.put("500ms", "key" + i % 5, i, Instant.now().plusMillis(500)));
      }
      rig.written(sends);
      rig.awaitReleased(2_000, Duration.ofSeconds(30));
      rig.requireEachOnceAndNoneEarly(2_000);
      var byKey = new HashMap<String, List<Integer>>();
      rig.released()
          .forEach(
              one -> byKey.computeIfAbsent(one.key(), _ -> new ArrayList<>()).add(one.number()));
      assertThat(byKey).hasSize(5);
      assertThat(byKey.values()).allSatisfy(numbers -> assertThat(numbers).isSorted());
    }
  }

  @Test
  void aLongerWaitClimbsDownTheLadder() throws Exception {
    try (var rig = new RelayRig(kafka, 1, "200ms", "500ms", "1s")) {
      RelayRig.awaitRunning(rig.relay("a"));
      var now = Instant.now();
      rig.written(List.of(rig.put("key", 0, now, now.plusMillis(2_650))));
      rig.awaitReleased(1, Duration.ofSeconds(30));
      RelayRig.print("a wait of 2.65 s", rig.requireEachOnceAndNoneEarly(1));
      assertThat(kafka.read(rig.topic("1s"))).hasSize(2);
      assertThat(kafka.read(rig.topic("500ms"))).hasSize(1);
      assertThat(kafka.read(rig.topic("200ms"))).hasSizeLessThanOrEqualTo(1);
    }
  }

  @Test
  void worksUnderTheNewerGroupProtocol() throws Exception {
    try (var rig = new RelayRig(kafka, 2, "200ms", "500ms")) {
      var client = kafka.client();
      client.put("group.protocol", "consumer");
      RelayRig.awaitRunning(rig.relay(RelaySettings.defaults("a"), client));
      var sends = new ArrayList<Future<RecordMetadata>>();
      for (int i = 0; i < 200; i++) {
        var now = Instant.now();
        sends.add(rig.put("key" + i % 7, i, now, now.plusMillis(100 + 5L * i)));
      }
      rig.written(sends);
      rig.awaitReleased(200, Duration.ofSeconds(30));
      rig.requireEachOnceAndNoneEarly(200);
    }
  }

  @Test
  void withoutADueTimeTheRungsDelayCounts() throws Exception {
    try (var rig = new RelayRig(kafka, 1, "500ms");
        var producer = kafka.producer()) {
      RelayRig.awaitRunning(rig.relay("a"));
      var written =
          producer
              .send(new ProducerRecord<>(rig.topic("500ms"), new byte[] {1}, new byte[] {'0'}))
              .get();
      rig.awaitReleased(1, Duration.ofSeconds(30));
      assertThat(rig.released().getFirst().at())
          .isAfterOrEqualTo(Instant.ofEpochMilli(written.timestamp() + 500));
    }
  }

  @Test
  void tenThousandDueInOneRung() throws Exception {
    try (var rig = new RelayRig(kafka, 3, "200ms", "3s")) {
      RelayRig.awaitRunning(rig.relay("a"));
      var sends = new ArrayList<Future<RecordMetadata>>();
      var began = Instant.now();
      for (int i = 0; i < 10_000; i++) {
        // One every 0.3 ms, as a steady stream of failures writes them.
        var at = began.plusNanos(i * 300_000L);
        while (Instant.now().isBefore(at)) {
          Thread.sleep(1);
        }
        sends.add(rig.put("3s", "key" + i % 50, i, Instant.now().plusSeconds(3)));
      }
      rig.written(sends);
      rig.awaitReleased(10_000, Duration.ofSeconds(60));
      RelayRig.print("10,000 in one rung over 3 s", rig.requireEachOnceAndNoneEarly(10_000));
    }
  }

  @Test
  void aHundredThousandDueAtOnceWhileAnotherRungIsPunctual() throws Exception {
    int flood = 100_000;
    int punctual = 50;
    try (var rig = new RelayRig(kafka, 3, "500ms", "6s")) {
      var sends = new ArrayList<Future<RecordMetadata>>();
      var dueAt = Instant.now().plusSeconds(6);
      for (int i = 0; i < flood; i++) {
        sends.add(rig.put("6s", "key" + i % 100, i, dueAt));
      }
      rig.written(sends);
      RelayRig.awaitRunning(rig.relay("a"));
      await().pollInterval(Duration.ofMillis(5)).until(() -> Instant.now().isAfter(dueAt));
      sends.clear();
      for (int i = 0; i < punctual; i++) {
        sends.add(rig.put("500ms", "p" + i, flood + i, Instant.now().plusMillis(500)));
      }
      rig.written(sends);
      rig.awaitReleased(flood + punctual, Duration.ofSeconds(60));
      rig.requireEachOnceAndNoneEarly(flood + punctual);
      var ofFlood = rig.released().stream().filter(one -> one.number() < flood).toList();
      var most = ofFlood.stream().mapToLong(RelayRig.Released::lateMillis).max().orElseThrow();
      System.out.printf(
          ">> %d due at once: all out after %d ms, %d a second%n",
          flood, most, flood * 1_000L / Math.max(most, 1));
      RelayRig.print(
          "50 on another rung meanwhile",
          rig.released().stream()
              .filter(one -> one.number() >= flood)
              .map(RelayRig.Released::lateMillis)
              .sorted()
              .toList());
    }
  }

  @Test
  void largeRecordsPassThroughASmallBuffer() throws Exception {
    try (var rig = new RelayRig(kafka, 4, "200ms", "1s");
        var producer = kafka.producer()) {
      var settings =
          new RelaySettings(
              "a",
              50,
              1 << 20,
              Duration.ofSeconds(5),
              Duration.ofSeconds(2),
              Duration.ofMillis(20),
              Duration.ofSeconds(10));
      RelayRig.awaitRunning(rig.relay(settings, kafka.client()));
      var sends = new ArrayList<Future<RecordMetadata>>();
      for (int i = 0; i < 60; i++) {
        var value = new byte[700_000];
        new Random(i).nextBytes(value);
        sends.add(
            producer.send(new ProducerRecord<>(rig.topic("1s"), new byte[] {(byte) i}, value)));
      }
      rig.written(sends);
      rig.awaitReleased(60, Duration.ofSeconds(60));
      assertThat(kafka.read(rig.deliveries()).stream().map(r -> r.key()[0]).sorted())
          .containsExactlyElementsOf(
              Stream.iterate((byte) 0, b -> (byte) (b + 1)).limit(60).toList());
    }
  }

  @Test
  void waitsWithoutWorkAndClosesAtOnce() throws Exception {
    try (var rig = new RelayRig(kafka, 3, "200ms", "1h")) {
      var relay = rig.relay("a");
      RelayRig.awaitRunning(relay);
      var sends = new ArrayList<Future<RecordMetadata>>();
      for (int i = 0; i < 100; i++) {
        sends.add(rig.put("1h", "key" + i, i, Instant.now().plusSeconds(3_600)));
      }
      rig.written(sends);
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() ->
              assertThat(rig.meters.get("fanfare.retry.waiting").tag("rung", "1h").gauge().value())
                  .isGreaterThanOrEqualTo(100));
      var threads = ManagementFactory.getThreadMXBean();
      long id =
          Thread.getAllStackTraces().keySet().stream()
              .filter(t -> t.getName().equals("fanfare-relay"))
              .mapToLong(Thread::threadId)
              .max()
              .orElseThrow();
      long before = threads.getThreadCpuTime(id);
      var until = Instant.now().plusSeconds(3);
      await().pollInterval(Duration.ofMillis(500)).until(() -> Instant.now().isAfter(until));
      System.out.printf(
          ">> idle with 100 waiting: %.1f ms CPU a second%n",
          (threads.getThreadCpuTime(id) - before) / 3e6);

      long began = System.nanoTime();
      relay.close();
      System.out.printf(">> closed in %d ms%n", (System.nanoTime() - began) / 1_000_000);
      assertThat(relay.health()).isEqualTo(new Closed());
      assertThat(rig.released()).isEmpty();
      assertThat(rig.meters.find("fanfare.retry.overdue").gauges()).isEmpty();
    }
  }

  @Test
  void aMissingTopicIsSeenInHealthAndRecoveredFrom() throws Exception {
    try (var rig = new RelayRig(kafka, 1, "200ms")) {
      var missing = DelayLadder.of("200ms", "700ms");
      try (var relay =
          DelayRelay.start(
              RelaySettings.defaults("a"), kafka.client(), rig.topics, missing, rig.meters)) {
        await()
            .atMost(Duration.ofSeconds(60))
            .untilAsserted(() ->
                assertThat(relay.health())
                    .isInstanceOfSatisfying(
                        RelayHealth.Failed.class,
                        failed -> assertThat(failed.reason()).contains(rig.topic("700ms"))));
        kafka.create(rig.topic("700ms"), 1, Map.of());
        RelayRig.awaitRunning(relay);
      }
    }
  }
}

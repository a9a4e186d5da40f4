package dev.fanfare.retry.transfer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.retry.KafkaRig;
import dev.fanfare.retry.transfer.Settlement.Broken;
import dev.fanfare.retry.transfer.Settlement.Committed;
import dev.fanfare.retry.transfer.Settlement.Refused;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class TransferProducerIT {
  private KafkaRig kafka;
  private String source;
  private String target;
  private String group;

  @BeforeEach
  void start() throws Exception {
    use(KafkaRig.shared());
  }

  @AfterEach
  void stop() {
    kafka.close();
  }

  private void use(KafkaRig broker) throws Exception {
    kafka = broker;
    source = kafka.name("source");
    target = kafka.name("target");
    group = kafka.name("group");
    kafka.create(source, 2, Map.of());
    kafka.create(target, 3, Map.of());
  }

  @Test
  void recordsAndOffsetsAppearTogetherAndMetadataSurvives() throws Exception {
    try (var member = member();
        var transfers = new TransferProducer(kafka.client(), kafka.name("id"))) {
      var metadata = "\u0001bitmap:" + "x".repeat(3_000);
      var offsets = Map.of(partition(0), new OffsetAndMetadata(42, Optional.of(3), metadata));
      var transfer = new Transfer(records(1, 500), offsets, member.groupMetadata());

      assertThat(transfers.commit(transfer)).isEqualTo(new Committed());

      assertThat(values()).containsExactlyInAnyOrderElementsOf(numbers(1, 500));
      assertThat(kafka.committed(group)).containsExactlyInAnyOrderEntriesOf(offsets);
      assertThat(transfers.healthy()).isTrue();
    }
  }

  @Test
  void eachKeyKeepsItsOrderOverManyTransfers() throws Exception {
    try (var member = member();
        var transfers = new TransferProducer(kafka.client(), kafka.name("id"))) {
      long began = System.nanoTime();
      for (int i = 0; i < 100; i++) {
        assertThat(transfers.commit(transfer(member, i * 10, i * 10 + 9)))
            .isEqualTo(new Committed());
      }
      System.out.printf(
          ">> 100 transfers of 10 records, one after the other: %.1f ms each%n",
          (System.nanoTime() - began) / 1e8);
      assertThat(values()).containsExactlyElementsOf(numbers(0, 999)); // one key, one partition
    }
  }

  @Test
  void aStaleMembershipIsRefusedAndNothingIsVisible() throws Exception {
    try (var transfers = new TransferProducer(kafka.client(), kafka.name("id"))) {
      ConsumerGroupMetadata stale;
      try (var member = member()) {
        stale = member.groupMetadata();
      }
      var offsets = Map.of(partition(0), new OffsetAndMetadata(10));
      try (var successor = member()) {
        assertThat(transfers.commit(new Transfer(records(1, 10), offsets, stale)))
            .isInstanceOf(Refused.class);
        assertThat(values()).isEmpty();
        assertThat(kafka.committed(group)).isEmpty();

        assertThat(transfers.commit(transfer(successor, 1, 10))).isEqualTo(new Committed());
        assertThat(values()).containsExactlyElementsOf(numbers(1, 10));
      }
    }
  }

  @Test
  void anOldGenerationIsRefused() throws Exception {
    try (var transfers = new TransferProducer(kafka.client(), kafka.name("id"));
        var member = member()) {
      var old = member.groupMetadata();
      try (var second = consumer()) {
        second.subscribe(List.of(source));
        await()
            .until(() -> {
              member.poll(Duration.ofMillis(50));
              second.poll(Duration.ofMillis(50));
              return !second.assignment().isEmpty();
            });
        var offsets = Map.of(partition(0), new OffsetAndMetadata(10));
        assertThat(transfers.commit(new Transfer(records(1, 10), offsets, old)))
            .isInstanceOf(Refused.class);
        assertThat(values()).isEmpty();
      }
    }
  }

  @Test
  void aBrokerThatGoesAndComesIsWaitedForAndNothingIsDoubled(@TempDir Path directory)
      throws Exception {
    use(KafkaRig.own(directory));
    try (var member = member();
        var transfers = new TransferProducer(impatient(), kafka.name("id"))) {
      assertThat(transfers.commit(transfer(member, 1, 10))).isEqualTo(new Committed());

      kafka.stop();
      var later = CompletableFuture.supplyAsync(() -> transfers.commit(transfer(member, 11, 20)));
      await().atMost(30, TimeUnit.SECONDS).until(() -> !transfers.healthy());
      kafka.start();

      assertThat(later.get(60, TimeUnit.SECONDS)).isEqualTo(new Committed());
      assertThat(transfers.healthy()).isTrue();
      assertThat(values()).containsExactlyElementsOf(numbers(1, 20));
      assertThat(kafka.committed(group)).containsEntry(partition(0), new OffsetAndMetadata(20));
    }
  }

  @Test
  void aBrokerThatGoesInTheMiddleOfAStreamOfTransfersDoublesAndLosesNothing(@TempDir Path directory)
      throws Exception {
    use(KafkaRig.own(directory));
    try (var member = member();
        var transfers = new TransferProducer(impatient(), kafka.name("id"))) {
      var all =
          CompletableFuture.supplyAsync(() -> {
            for (int i = 0; i < 400; i++) {
              var settlement = transfers.commit(transfer(member, i * 5, i * 5 + 4));
              if (!(settlement instanceof Committed)) {
                return settlement;
              }
            }
            return new Committed();
          });
      await().until(() -> kafka.committed(group).containsKey(partition(0)));
      kafka.stop();
      kafka.start();

      assertThat(all.get(90, TimeUnit.SECONDS)).isEqualTo(new Committed());
      assertThat(values()).containsExactlyElementsOf(numbers(0, 1_999));
    }
  }

  @Test
  void aSecondProducerOfTheSameIdFencesTheFirst() throws Exception {
    var id = kafka.name("id");
    try (var member = member();
        var first = new TransferProducer(kafka.client(), id);
        var second = new TransferProducer(kafka.client(), id)) {
      assertThat(first.commit(transfer(member, 1, 10))).isEqualTo(new Committed());
      assertThat(second.prepare()).isEmpty();

      assertThat(first.commit(transfer(member, 11, 20)))
          .isInstanceOfSatisfying(
              Broken.class,
              broken -> assertThat(broken.cause()).isInstanceOf(ProducerFencedException.class));
      assertThat(first.healthy()).isFalse();

      assertThat(second.commit(transfer(member, 21, 30))).isEqualTo(new Committed());
      assertThat(values())
          .containsExactlyElementsOf(
              IntStream.concat(IntStream.rangeClosed(1, 10), IntStream.rangeClosed(21, 30))
                  .mapToObj(Integer::toString)
                  .toList());
    }
  }

  @Test
  void aTopicThatDoesNotExistIsWaitedForUntilClosed() throws Exception {
    var transfers = new TransferProducer(impatient(), kafka.name("id"));
    try (var member = member()) {
      var lost = List.of(new ProducerRecord<byte[], byte[]>(kafka.name("nowhere"), new byte[1]));
      var transfer =
          new Transfer(
              lost, Map.of(partition(0), new OffsetAndMetadata(1)), member.groupMetadata());
      var settlement = CompletableFuture.supplyAsync(() -> transfers.commit(transfer));
      await().atMost(30, TimeUnit.SECONDS).until(() -> !transfers.healthy());
      assertThat(settlement).isNotDone();
      transfers.close();
      assertThat(settlement.get(30, TimeUnit.SECONDS)).isInstanceOf(Broken.class);
      assertThat(kafka.committed(group)).isEmpty();
    }
  }

  @Test
  void aRecordTooLargeIsBrokenAndNothingIsVisible() throws Exception {
    try (var member = member();
        var transfers = new TransferProducer(kafka.client(), kafka.name("id"))) {
      var huge = List.of(new ProducerRecord<byte[], byte[]>(target, new byte[2 << 20]));
      var transfer =
          new Transfer(
              huge, Map.of(partition(0), new OffsetAndMetadata(1)), member.groupMetadata());
      assertThat(transfers.commit(transfer)).isInstanceOf(Broken.class);
      assertThat(values()).isEmpty();
      assertThat(kafka.committed(group)).isEmpty();
    }
  }

  private KafkaConsumer<byte[], byte[]> consumer() {
    return kafka.consumer(
        Map.of("group.id", group, "session.timeout.ms", 10_000, "heartbeat.interval.ms", 200));
  }

  private KafkaConsumer<byte[], byte[]> member() {
    var member = consumer();
    member.subscribe(List.of(source));
    await()
        .until(() -> {
          member.poll(Duration.ofMillis(50));
          return !member.assignment().isEmpty();
        });
    return member;
  }

  private Map<String, Object> impatient() {
    var client = kafka.client();
    client.put("max.block.ms", 500);
    return client;
  }

  private Transfer transfer(KafkaConsumer<byte[], byte[]> member, int from, int to) {
    return new Transfer(
        records(from, to), Map.of(partition(0), new OffsetAndMetadata(to)), member.groupMetadata());
  }

  private List<ProducerRecord<byte[], byte[]>> records(int from, int to) {
    return numbers(from, to).stream()
        .map(n -> new ProducerRecord<>(target, "key".getBytes(UTF_8), n.getBytes(UTF_8)))
        .toList();
  }

  private static List<String> numbers(int from, int to) {
    return IntStream.rangeClosed(from, to).mapToObj(Integer::toString).toList();
  }

  private List<String> values() {
    return kafka.read(target).stream().map(r -> new String(r.value(), UTF_8)).toList();
  }

  private TopicPartition partition(int number) {
    return new TopicPartition(source, number);
  }
}

package dev.fanfare.retry.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.retry.KafkaRig;
import dev.fanfare.retry.ladder.DelayLadder;
import dev.fanfare.retry.ladder.DueAt;
import dev.fanfare.retry.ladder.Rung;
import dev.fanfare.schemas.topic.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/// Topics of one test, relays over them, and what came out. `deliveries` carries the broker's time
/// here, so that it tells when each record was released.
final class RelayRig implements AutoCloseable {
  final KafkaRig kafka;
  final Topics topics;
  final DelayLadder ladder;
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<DelayRelay> relays = new ArrayList<>();
  private final KafkaProducer<byte[], byte[]> producer;

  RelayRig(KafkaRig kafka, int partitions, String... rungs) throws Exception {
    this.kafka = kafka;
    this.topics = new Topics(kafka.name("t") + ".", "input");
    this.ladder = DelayLadder.of(rungs);
    var brokerTime = Map.of("message.timestamp.type", "LogAppendTime");
    for (var rung : ladder.rungs()) {
      kafka.create(topic(rung.label()), partitions, brokerTime);
    }
    kafka.create(deliveries(), partitions, brokerTime);
    this.producer = kafka.producer();
  }

  String topic(String rung) {
    return topics.retry(rung, Duration.ZERO).name();
  }

  String deliveries() {
    return topics.deliveries().name();
  }

  DelayRelay relay(String instance) {
    return relay(RelaySettings.defaults(instance), kafka.client());
  }

  DelayRelay relay(RelaySettings settings, Map<String, Object> client) {
    if (!client.containsKey("group.protocol")) {
      client.putIfAbsent("heartbeat.interval.ms", 300);
    }
    var relay = DelayRelay.start(settings, client, topics, ladder, meters);
    relays.add(relay);
    return relay;
  }

  static void awaitRunning(DelayRelay relay) {
    await()
        .atMost(60, TimeUnit.SECONDS)
        .until(
            () -> relay.health() instanceof RelayHealth.Running(int partitions) && partitions > 0);
  }

  /// Writes as a delivery worker does, and returns without waiting.
  Future<RecordMetadata> put(String rung, String key, int number, Instant dueAt) {
    var record =
        new ProducerRecord<>(
            topic(rung), key.getBytes(UTF_8), Integer.toString(number).getBytes(UTF_8));
    record.headers().add(DueAt.HEADER, DueAt.encode(dueAt));
    record.headers().add("other", key.getBytes(UTF_8));
    return producer.send(record);
  }

  /// On the rung that the ladder gives.
  Future<RecordMetadata> put(String key, int number, Instant now, Instant dueAt) {
    Rung rung = ladder.rungFor(Duration.between(now, dueAt));
    return put(rung.label(), key, number, dueAt);
  }

  void written(List<Future<RecordMetadata>> sends) throws Exception {
    producer.flush();
    for (var send : sends) {
      send.get();
    }
  }

  /// Waits until so many records are out; whether some are out twice is for [#released] to tell.
  void awaitReleased(int count, Duration atMost) {
    try (var consumer = kafka.consumer(Map.of())) {
      var partitions =
          consumer.partitionsFor(deliveries()).stream()
              .map(p -> new TopicPartition(deliveries(), p.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      int found = 0;
      var deadline = Instant.now().plus(atMost);
      while (found < count && Instant.now().isBefore(deadline)) {
        found += consumer.poll(Duration.ofMillis(100)).count();
      }
      assertThat(found).isGreaterThanOrEqualTo(count);
    }
  }

  /// All that was released, in the order of each partition.
  List<Released> released() {
    return kafka.read(deliveries()).stream().map(Released::of).toList();
  }

  /// Closes the relays, then requires that each number is out exactly once and none was early.
  ///
  /// @return milliseconds late, ascending
  List<Long> requireEachOnceAndNoneEarly(int count) {
    relays.forEach(DelayRelay::close);
    var released = released();
    assertThat(released.stream().map(Released::number).sorted())
        .containsExactlyElementsOf(IntStream.range(0, count).boxed().toList());
    assertThat(released).allSatisfy(one -> assertThat(one.lateMillis()).isNotNegative());
    return released.stream().map(Released::lateMillis).sorted().toList();
  }

  static void print(String what, List<Long> late) {
    System.out.printf(
        ">> %s: %d released, late p50 %d ms, p99 %d ms, most %d ms%n",
        what,
        late.size(),
        late.get(late.size() / 2),
        late.get(late.size() * 99 / 100),
        late.getLast());
  }

  record Released(int number, String key, String other, Instant dueAt, Instant at, int partition) {
    static Released of(ConsumerRecord<byte[], byte[]> record) {
      var headers = new HashMap<String, byte[]>();
      record.headers().forEach(h -> headers.put(h.key(), h.value()));
      return new Released(
          Integer.parseInt(new String(record.value(), UTF_8)),
          new String(record.key(), UTF_8),
          new String(headers.getOrDefault("other", new byte[0]), UTF_8),
          DueAt.decode(headers.get(DueAt.HEADER)).orElse(Instant.MIN),
          Instant.ofEpochMilli(record.timestamp()),
          record.partition());
    }

    long lateMillis() {
      return Duration.between(dueAt, at).toMillis();
    }
  }

  @Override
  public void close() {
    relays.forEach(DelayRelay::close);
    producer.close();
    meters.close();
  }
}

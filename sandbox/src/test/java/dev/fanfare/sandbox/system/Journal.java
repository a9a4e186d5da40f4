package dev.fanfare.sandbox.system;

import dev.fanfare.schemas.serde.AvroSerdes;
import dev.fanfare.schemas.topic.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/// What a topic holds of committed records, read from its start. For one thread.
final class Journal<V extends SpecificRecord> implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);

  private final Consumer<String, V> consumer;
  private final List<V> read = new ArrayList<>();
  private final List<Instant> writtenAt = new ArrayList<>();

  private Journal(Consumer<String, V> consumer) {
    this.consumer = consumer;
  }

  static <V extends SpecificRecord> Journal<V> of(Deployment deployment, Topic<V> topic) {
    var settings =
        Map.<String, Object>of(
            "bootstrap.servers", deployment.config().kafka().bootstrap(),
            "isolation.level", "read_committed",
            "auto.offset.reset", "earliest");
    var values = new AvroSerdes(deployment.config().registry()).deserializer(topic.value());
    var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), values);
    consumer.assign(
        consumer.partitionsFor(topic.name()).stream()
            .map(partition -> new TopicPartition(topic.name(), partition.partition()))
            .toList());
    return new Journal<>(consumer);
  }

  /// Reads on until the condition holds of all that was read.
  ///
  /// @throws IllegalStateException if it does not hold in that time
  List<V> until(Predicate<List<V>> condition, Duration atMost) {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (!condition.test(read)) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "not so within " + atMost + ", after " + read.size() + " records");
      }
      poll();
    }
    return List.copyOf(read);
  }

  /// All there is by now.
  List<V> toEnd() {
    var ends = consumer.endOffsets(consumer.assignment());
    while (ends.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
      poll();
    }
    return List.copyOf(read);
  }

  private void poll() {
    for (var entry : consumer.poll(POLL)) {
      read.add(entry.value());
      writtenAt.add(Instant.ofEpochMilli(entry.timestamp()));
    }
  }

  /// When each of those read so far was handed to Kafka, in their order.
  List<Instant> writtenAt() {
    return List.copyOf(writtenAt);
  }

  @Override
  public void close() {
    consumer.close();
  }
}

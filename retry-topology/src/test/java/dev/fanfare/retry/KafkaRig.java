package dev.fanfare.retry;

import dev.fanfare.testkit.kafka.EmbeddedKafka;
import dev.fanfare.testkit.kafka.SharedKafka;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// A broker, and clients for it.
public final class KafkaRig implements AutoCloseable {
  private final String bootstrap;
  private final @Nullable EmbeddedKafka own;

  private KafkaRig(String bootstrap, @Nullable EmbeddedKafka own) {
    this.bootstrap = bootstrap;
    this.own = own;
  }

  /// The broker that all tests share, in this JVM or a container; it stays.
  public static KafkaRig shared() {
    return new KafkaRig(SharedKafka.bootstrap(), null);
  }

  /// A broker of the test's own that can be stopped and started. In this JVM also with
  /// `-Pcontainers`: a container that is started again comes back on another port.
  public static KafkaRig own(Path directory) throws IOException {
    var broker = EmbeddedKafka.start(directory);
    return new KafkaRig(broker.bootstrap(), broker);
  }

  public void start() throws IOException {
    own().restart();
  }

  public void stop() {
    own().stop();
  }

  private EmbeddedKafka own() {
    if (own == null) {
      throw new IllegalStateException("the shared broker stays");
    }
    return own;
  }

  public Map<String, Object> client() {
    return new HashMap<>(Map.of("bootstrap.servers", bootstrap));
  }

  public String name(String what) {
    return what + "-" + UUID.randomUUID().toString().substring(0, 8);
  }

  public void create(String topic, int partitions, Map<String, String> configuration)
      throws ExecutionException, InterruptedException {
    try (var admin = Admin.create(client())) {
      admin
          .createTopics(List.of(new NewTopic(topic, partitions, (short) 1).configs(configuration)))
          .all()
          .get();
    }
  }

  public Map<TopicPartition, OffsetAndMetadata> committed(String group)
      throws ExecutionException, InterruptedException {
    try (var admin = Admin.create(client())) {
      return admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata(group).get();
    }
  }

  /// A plain producer, no transactions.
  public KafkaProducer<byte[], byte[]> producer() {
    return new KafkaProducer<>(client(), new ByteArraySerializer(), new ByteArraySerializer());
  }

  public KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> more) {
    var all = client();
    all.put("isolation.level", "read_committed");
    all.put("enable.auto.commit", false);
    all.put("auto.offset.reset", "earliest");
    all.putAll(more);
    return new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /// All that is committed in a topic now.
  public List<ConsumerRecord<byte[], byte[]>> read(String topic) {
    var found = new ArrayList<ConsumerRecord<byte[], byte[]>>();
    try (var consumer = consumer(Map.of())) {
      var partitions =
          consumer.partitionsFor(topic).stream()
              .map(p -> new TopicPartition(topic, p.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      var ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
        consumer.poll(Duration.ofMillis(100)).forEach(found::add);
      }
    }
    return found;
  }

  @Override
  public void close() {
    if (own != null) {
      own.close();
    }
  }
}

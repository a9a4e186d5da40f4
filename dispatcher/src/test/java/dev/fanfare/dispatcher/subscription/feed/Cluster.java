package dev.fanfare.dispatcher.subscription.feed;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fanfare.schemas.topic.Topic;
import dev.fanfare.testkit.kafka.EmbeddedKafka;
import dev.fanfare.testkit.kafka.SharedKafka;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// A broker, and what tests do with it.
public final class Cluster implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final String bootstrap;
  private final @Nullable EmbeddedKafka own;

  private Cluster(String bootstrap, @Nullable EmbeddedKafka own) {
    this.bootstrap = bootstrap;
    this.own = own;
  }

  /// The broker that all tests share, in this JVM or a container; it stays.
  public static Cluster shared() {
    return new Cluster(SharedKafka.bootstrap(), null);
  }

  /// A broker of the test's own that can be stopped and started. In this JVM also with
  /// `-Pcontainers`: a container that is started again comes back on another port.
  public static Cluster own(Path directory) throws IOException {
    var broker = EmbeddedKafka.start(directory);
    return new Cluster(broker.bootstrap(), broker);
  }

  public void stop() {
    own().stop();
  }

  public void startAgain() throws IOException {
    own().restart();
  }

  private EmbeddedKafka own() {
    if (own == null) {
      throw new IllegalStateException("the shared broker stays");
    }
    return own;
  }

  public String bootstrap() {
    return bootstrap;
  }

  /// Client properties that notice within a second or two that the broker is back.
  public Map<String, Object> properties() {
    return Map.of("bootstrap.servers", bootstrap(), "reconnect.backoff.max.ms", "500");
  }

  public void create(int partitions, Topic<?>... topics)
      throws InterruptedException, ExecutionException {
    try (var admin = Admin.create(properties())) {
      var wanted = new ArrayList<NewTopic>();
      for (var topic : topics) {
        wanted.add(
            new NewTopic(topic.name(), partitions, (short) 1)
                .configs(Map.of("cleanup.policy", topic.cleanup().policy())));
      }
      admin.createTopics(wanted).all().get();
    }
  }

  public KafkaProducer<byte[], byte[]> producer(Map<String, Object> further) {
    var all = new HashMap<>(properties());
    all.putAll(further);
    return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /// Writes one record and waits for it.
  public RecordMetadata write(Topic<?> topic, String key, byte @Nullable [] value)
      throws InterruptedException, ExecutionException {
    try (var producer = producer(Map.of())) {
      return producer.send(new ProducerRecord<>(topic.name(), key.getBytes(UTF_8), value)).get();
    }
  }

  /// Writes all records and waits for them.
  public void writeAll(Topic<?> topic, List<Map.Entry<String, byte[]>> records)
      throws InterruptedException, ExecutionException {
    try (var producer = producer(Map.of())) {
      var sent = new ArrayList<Future<RecordMetadata>>();
      for (var record : records) {
        sent.add(
            producer.send(
                new ProducerRecord<>(
                    topic.name(), record.getKey().getBytes(UTF_8), record.getValue())));
      }
      for (var each : sent) {
        each.get();
      }
    }
  }

  /// All committed records of a topic, up to the end that it has now.
  public List<ConsumerRecord<byte[], byte[]>> committed(Topic<?> topic) {
    var all = new HashMap<>(properties());
    all.put("isolation.level", "read_committed");
    all.put("auto.offset.reset", "earliest");
    try (var consumer =
        new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      var partitions =
          consumer.partitionsFor(topic.name()).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      var ends = consumer.endOffsets(partitions);
      var found = new ArrayList<ConsumerRecord<byte[], byte[]>>();
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        if (System.nanoTime() > deadline) {
          throw new AssertionError("the end of " + topic.name() + " was not reached");
        }
        consumer.poll(Duration.ofMillis(200)).forEach(found::add);
      }
      return found;
    }
  }

  @Override
  public void close() {
    if (own != null) {
      own.close();
    }
  }
}

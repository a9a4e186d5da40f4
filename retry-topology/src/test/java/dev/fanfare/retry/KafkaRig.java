package dev.fanfare.retry;

import dev.fanfare.testkit.kafka.EmbeddedKafka;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
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

/// One broker on one port, and clients for it.
public final class KafkaRig implements AutoCloseable {
  private final Path directory;
  private final int port;
  private @Nullable EmbeddedKafka broker;

  public KafkaRig(Path directory) throws IOException {
    this.directory = directory;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    start();
  }

  public void start() throws IOException {
    broker = EmbeddedKafka.start(directory, port, Map.of());
  }

  public void stop() {
    if (broker != null) {
      broker.close();
      broker = null;
    }
  }

  public Map<String, Object> client() {
    return new HashMap<>(Map.of("bootstrap.servers", "127.0.0.1:" + port));
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
    stop();
  }
}

package dev.fanfare.dispatcher.control;

import dev.fanfare.schemas.avro.EmailEvent;
import dev.fanfare.schemas.serde.AvroSerdes;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the ends of the input topic's partitions, each time with a consumer of its own that joins
/// no group. What a look may cost is bounded, and so is how many there are at the same time.
public final class KafkaRecentEvents implements RecentEvents {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaRecentEvents.class);
  private static final int MOST_AT_ONCE = 4;
  private static final Duration POLL = Duration.ofMillis(100);

  private final Map<String, Object> kafka;
  private final String topic;
  private final AvroSerdes serdes;
  private final Bounds bounds;
  private final Semaphore places = new Semaphore(MOST_AT_ONCE);

  /// How much one look may read.
  ///
  /// @param records of all tenants, shared by the partitions
  /// @param bytes after which nothing more is read
  record Bounds(int records, long bytes, Duration time) {
    static final Bounds USUAL = new Bounds(5_000, 16L << 20, Duration.ofSeconds(3));
  }

  /// @param kafka properties of a consumer
  public static KafkaRecentEvents of(Map<String, Object> kafka, String topic, AvroSerdes serdes) {
    return new KafkaRecentEvents(kafka, topic, serdes, Bounds.USUAL);
  }

  KafkaRecentEvents(Map<String, Object> kafka, String topic, AvroSerdes serdes, Bounds bounds) {
    this.kafka = properties(kafka, bounds);
    this.topic = topic;
    this.serdes = serdes;
    this.bounds = bounds;
  }

  private static Map<String, Object> properties(Map<String, Object> kafka, Bounds bounds) {
    var properties = new HashMap<>(kafka);
    int timeoutMs = (int) bounds.time().toMillis();
    properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
    properties.putIfAbsent(ConsumerConfig.CLIENT_ID_CONFIG, "fanfare-recent");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, timeoutMs);
    properties.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, timeoutMs);
    properties.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 1 << 20);
    return properties;
  }

  @Override
  public Look look(String tenant, Consumer<EmailEvent> each) {
    if (!places.tryAcquire()) {
      return new Look.Unavailable("too many filters are being tried at the same time");
    }
    try (var consumer =
            new KafkaConsumer<>(kafka, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        var decoder = serdes.deserializer(EmailEvent.class)) {
      return look(consumer, decoder, tenant, each);
    } catch (KafkaException e) {
      LOG.warn("the latest of {} could not be read: {}", topic, e.toString());
      return new Look.Unavailable("Kafka does not answer");
    } finally {
      places.release();
    }
  }

  private Look look(
      KafkaConsumer<byte[], byte[]> consumer,
      Deserializer<EmailEvent> decoder,
      String tenant,
      Consumer<EmailEvent> each) {
    long deadline = System.nanoTime() + bounds.time().toNanos();
    var partitions =
        consumer.partitionsFor(topic).stream()
            .map(it -> new TopicPartition(topic, it.partition()))
            .toList();
    consumer.assign(partitions);
    var ends = consumer.endOffsets(partitions);
    boolean complete = seek(consumer, partitions, ends);
    long bytes = 0;
    while (left(consumer, ends)) {
      if (System.nanoTime() > deadline || bytes > bounds.bytes()) {
        return new Look.Seen(false);
      }
      for (var record : consumer.poll(POLL)) {
        bytes += Math.max(0, record.serializedValueSize());
        complete &= hand(record, decoder, tenant, each);
      }
    }
    return new Look.Seen(complete);
  }

  /// To where the last records begin; returns whether that is where the partitions begin.
  private boolean seek(
      KafkaConsumer<byte[], byte[]> consumer,
      List<TopicPartition> partitions,
      Map<TopicPartition, Long> ends) {
    var beginnings = consumer.beginningOffsets(partitions);
    long share = Math.max(1, bounds.records() / Math.max(1, partitions.size()));
    boolean all = true;
    for (var partition : partitions) {
      long first = beginnings.getOrDefault(partition, 0L);
      long from = Math.max(first, ends.getOrDefault(partition, 0L) - share);
      consumer.seek(partition, from);
      all &= from == first;
    }
    return all;
  }

  private static boolean left(
      KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey()) < end.getValue());
  }

  /// Returns false for what can't be read: fan-out rejects it, and says so.
  private boolean hand(
      ConsumerRecord<byte[], byte[]> record,
      Deserializer<EmailEvent> decoder,
      String tenant,
      Consumer<EmailEvent> each) {
    EmailEvent event;
    try {
      event = decoder.deserialize(topic, record.headers(), record.value());
    } catch (RuntimeException e) {
      LOG.debug("{}/{}/{} is unreadable", topic, record.partition(), record.offset(), e);
      return false;
    }
    if (event != null && event.getTenant().equals(tenant)) {
      each.accept(event);
    }
    return event != null;
  }
}

package dev.fanfare.dispatcher.control;

import dev.fanfare.dispatcher.subscription.sealing.SubscriptionSeal;
import dev.fanfare.schemas.avro.Subscription;
import dev.fanfare.schemas.serde.AvroSerdes;
import dev.fanfare.schemas.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One idempotent producer with `acks=all`, shared by all requests. A write takes at most one and a
/// half times the configured timeout, whatever Kafka does.
public final class KafkaRecordWriter implements RecordWriter {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaRecordWriter.class);
  private static final Duration CLOSE = Duration.ofSeconds(5);

  private final KafkaProducer<String, SpecificRecord> producer;
  private final Duration timeout;

  private KafkaRecordWriter(KafkaProducer<String, SpecificRecord> producer, Duration timeout) {
    this.producer = producer;
    this.timeout = timeout;
  }

  /// @param properties of a producer; what durability needs is overridden
  /// @param seal for what is secret of subscriptions
  public static KafkaRecordWriter start(
      Map<String, Object> properties,
      Topics topics,
      AvroSerdes serdes,
      SubscriptionSeal seal,
      ControlSettings settings) {
    return new KafkaRecordWriter(
        new KafkaProducer<>(
            durable(properties, settings),
            new StringSerializer(),
            serializer(topics, serdes, seal)),
        settings.writeTimeout());
  }

  /// Changes and returns the properties.
  static Map<String, Object> durable(Map<String, Object> properties, ControlSettings settings) {
    int timeoutMs = (int) settings.writeTimeout().toMillis();
    properties.putIfAbsent(ProducerConfig.CLIENT_ID_CONFIG, "fanfare-control");
    properties.putIfAbsent(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, timeoutMs / 2);
    properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, timeoutMs / 2);
    properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, timeoutMs);
    return properties;
  }

  /// Of the topics that we write to, one holds several types. No subscription leaves this process
  /// but through here, where its secrets are sealed.
  static Serializer<SpecificRecord> serializer(
      Topics topics, AvroSerdes serdes, SubscriptionSeal seal) {
    var tenants = topics.tenants().name();
    Serializer<SpecificRecord> one = serdes.serializer();
    var several = serdes.serializerByRecord();
    return new Serializer<>() {
      @Override
      public byte[] serialize(String topic, SpecificRecord value) {
        var written = value instanceof Subscription readable ? seal.sealed(readable) : value;
        return (topic.equals(tenants) ? several : one).serialize(topic, written);
      }

      @Override
      public void close() {
        one.close();
        several.close();
      }
    };
  }

  @Override
  public List<Written> write(String topic, List<Keyed> records) {
    long deadline = System.nanoTime() + timeout.plus(timeout.dividedBy(2)).toNanos();
    var sent = new ArrayList<Future<RecordMetadata>>(records.size());
    for (var record : records) {
      // Once Kafka is away, each further send would block as long as the first.
      boolean late = System.nanoTime() > deadline || hasFailed(sent);
      sent.add(late ? failed("not tried") : send(topic, record));
    }
    return sent.stream().map(future -> outcome(topic, future, deadline)).toList();
  }

  private static boolean hasFailed(List<Future<RecordMetadata>> sent) {
    return !sent.isEmpty() && sent.getLast().state() == Future.State.FAILED;
  }

  private Future<RecordMetadata> send(String topic, Keyed record) {
    try {
      return producer.send(new ProducerRecord<>(topic, record.key(), record.value()));
    } catch (KafkaException e) {
      return CompletableFuture.failedFuture(e);
    } catch (IllegalStateException e) {
      return failed("closing");
    }
  }

  private static Future<RecordMetadata> failed(String why) {
    return CompletableFuture.failedFuture(new KafkaException(why));
  }

  private static Written outcome(String topic, Future<RecordMetadata> future, long deadline) {
    try {
      var metadata = future.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
      return new Written.Acknowledged(metadata.partition(), metadata.offset());
    } catch (ExecutionException e) {
      LOG.warn("a write to {} failed: {}", topic, cause(e));
      return new Written.Failed("Kafka did not take it");
    } catch (TimeoutException e) {
      LOG.warn("a write to {} was not acknowledged in time", topic);
      return new Written.Failed("Kafka did not acknowledge it in time");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Written.Failed("interrupted");
    }
  }

  private static String cause(Throwable thrown) {
    var deepest = thrown;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    return deepest.getClass().getSimpleName() + ": " + deepest.getMessage();
  }

  @Override
  public void close() {
    producer.close(CLOSE);
  }
}

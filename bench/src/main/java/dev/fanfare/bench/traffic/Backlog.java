package dev.fanfare.bench.traffic;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fanfare.bench.load.Due;
import dev.fanfare.bench.load.Payloads;
import dev.fanfare.bench.rig.Stage;
import dev.fanfare.retry.ladder.DueAt;
import dev.fanfare.retry.ladder.Rung;
import dev.fanfare.schemas.avro.Delivery;
import dev.fanfare.schemas.id.DeliveryId;
import dev.fanfare.schemas.serde.AvroSerdes;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongFunction;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/// Deliveries as fan-out or a worker would have written them, without either: to be delivered, or
/// waiting on a rung. For one thread.
public final class Backlog implements AutoCloseable {
  private static final Duration LIFETIME = Duration.ofHours(24);

  private final Stage stage;
  private final Serializer<Delivery> encoder;
  private final Producer<byte[], byte[]> producer;
  private final String id;
  private final ByteBuffer payload;
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
  private long number;

  private Backlog(Stage stage, Payloads payloads, Producer<byte[], byte[]> producer) {
    this.stage = stage;
    this.producer = producer;
    this.encoder = new AvroSerdes(stage.config().registry()).serializer();
    this.id = UUID.randomUUID().toString().substring(0, 8);
    this.payload = Payloads.render(payloads.event(Due.id(0, 0), "backlog"));
  }

  public static Backlog of(Stage stage, Payloads payloads) {
    var settings =
        Map.<String, Object>of(
            "bootstrap.servers",
            stage.rig().bootstrap(),
            "transactional.id",
            "backlog-" + UUID.randomUUID(),
            "transaction.timeout.ms",
            600_000,
            "linger.ms",
            5,
            "batch.size",
            128 * 1024);
    var producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    producer.initTransactions();
    return new Backlog(stage, payloads, producer);
  }

  /// Writes deliveries that nobody sees until [#release].
  ///
  /// @param subscription whose the n-th is
  public void prepare(long deliveries, LongFunction<String> subscription) {
    producer.beginTransaction();
    for (long n = 0; n < deliveries; n++) {
      var delivery = delivery(subscription.apply(n), 0, Instant.now());
      send(new ProducerRecord<>(topic(), key(delivery), encoded(delivery)));
    }
    producer.flush();
    requireGood();
  }

  /// Lets go of what was prepared; returns the moment, as `System.nanoTime` says it.
  public long release() {
    producer.commitTransaction();
    requireGood();
    return System.nanoTime();
  }

  /// Puts deliveries on a rung, all due at the same time.
  ///
  /// @param subscription whose the n-th is
  public void wait(Rung rung, long deliveries, Instant dueAt, LongFunction<String> subscription) {
    var rungTopic = stage.topics().retry(rung.label(), rung.delay()).name();
    producer.beginTransaction();
    for (long n = 0; n < deliveries; n++) {
      var delivery = delivery(subscription.apply(n), 1, dueAt);
      var record = new ProducerRecord<>(rungTopic, key(delivery), encoded(delivery));
      record.headers().add(DueAt.HEADER, DueAt.encode(dueAt));
      send(record);
    }
    producer.commitTransaction();
    requireGood();
  }

  private String topic() {
    return stage.topics().deliveries().name();
  }

  private static byte[] key(Delivery delivery) {
    return delivery.getSubscriptionId().getBytes(UTF_8);
  }

  private byte[] encoded(Delivery delivery) {
    return encoder.serialize(topic(), delivery);
  }

  private Delivery delivery(String subscription, int attempts, Instant dueAt) {
    var event = "b_" + id + "_" + number++;
    var now = Instant.ofEpochMilli(System.currentTimeMillis());
    return Delivery.newBuilder()
        .setDeliveryId(DeliveryId.of(event, subscription).value())
        .setEventId(event)
        .setSubscriptionId(subscription)
        .setTenant("backlog")
        .setType(Payloads.TYPE)
        .setOccurredAt(now)
        .setMessageId("msg_" + event)
        .setRecipient("ada.lovelace@customer.example")
        .setSchemaVersion("1.0")
        .setFormat("standard")
        .setPayload(payload.duplicate())
        .setCreatedAt(now)
        .setExpiresAt(now.plus(LIFETIME))
        .setAttempts(attempts)
        .setDueAt(Instant.ofEpochMilli(dueAt.toEpochMilli()))
        .build();
  }

  private void send(ProducerRecord<byte[], byte[]> record) {
    var _ =
        producer.send(
            record,
            (_, failed) -> {
              if (failed != null) {
                failure.compareAndSet(null, failed);
              }
            });
  }

  private void requireGood() {
    var failed = failure.get();
    if (failed != null) {
      throw new IllegalStateException("a delivery was not written", failed);
    }
  }

  @Override
  public void close() {
    producer.close();
    encoder.close();
  }
}

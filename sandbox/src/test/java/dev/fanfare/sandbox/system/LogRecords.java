package dev.fanfare.sandbox.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fanfare.schemas.avro.Attempt;
import dev.fanfare.schemas.avro.DeadLetter;
import dev.fanfare.schemas.avro.Delivery;
import dev.fanfare.schemas.serde.AvroSerdes;
import dev.fanfare.schemas.topic.Topics;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// Writes what the stages of the pipe would have written of many deliveries, as fast as Kafka takes
/// it. The n-th is the same each time. Of a hundred, 93 are delivered at once, 2 are dead, 3 wait
/// on a rung after an attempt, 2 have not been attempted; busy subscriptions have a thousand times
/// what quiet ones have. For one thread.
final class LogRecords implements AutoCloseable {
  static final int SUBSCRIPTIONS = 1_000;
  static final int TENANTS = 50;
  static final int RECIPIENTS = 100_000;
  static final int OF_ONE_EVENT = 4;
  static final String RARE = "email.complained";
  private static final List<String> TYPES =
      List.of("email.delivered", "email.sent", "email.opened", "email.clicked", "email.bounced");
  private static final Duration RUNG = Duration.ofHours(1);
  private static final Duration SPAN = Duration.ofHours(6);
  private static final int BODY = 700;

  private final Topics topics;
  private final Serializer<SpecificRecord> values;
  private final Producer<String, byte[]> producer;
  private final Instant start = Instant.now().minus(SPAN);
  private final long stepNanos;
  private final AtomicReference<Exception> failed = new AtomicReference<>();

  /// @param count how many will be written; they are spread over the last six hours
  LogRecords(Deployment deployment, int count) {
    this.topics = deployment.topics();
    this.values = new AvroSerdes(deployment.config().registry()).serializerByRecord();
    this.stepNanos = SPAN.toNanos() / count;
    this.producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                deployment.config().kafka().bootstrap(),
                "compression.type",
                "lz4",
                "linger.ms",
                20,
                "batch.size",
                256 << 10),
            new StringSerializer(),
            new ByteArraySerializer());
  }

  /// What became of the n-th.
  enum Fate {
    DELIVERED,
    DEAD,
    WAITING,
    PENDING;

    static Fate of(int n) {
      int one = Math.floorMod(n * 37, 100);
      return one < 93 ? DELIVERED : one < 95 ? DEAD : one < 98 ? WAITING : PENDING;
    }
  }

  static String delivery(int n) {
    return "dlv_%024x".formatted(n * 0x9E3779B97F4A7C15L & Long.MAX_VALUE);
  }

  static String event(int n) {
    return "evt_%08d".formatted(n / OF_ONE_EVENT);
  }

  static String message(int n) {
    return "msg_%08d".formatted(n / OF_ONE_EVENT / 3);
  }

  static String recipient(int n) {
    return "user%05d@example.com".formatted(random(n / OF_ONE_EVENT).nextInt(RECIPIENTS));
  }

  /// The lower the number, the busier.
  static int subscription(int n) {
    double even = random(n).nextDouble();
    return (int) (even * even * even * SUBSCRIPTIONS);
  }

  static String subscriptionId(int number) {
    return "sub_%06d".formatted(number);
  }

  static String tenant(int subscription) {
    return "tenant%02d".formatted(subscription % TENANTS);
  }

  static String type(int n) {
    return n % 1_000 < OF_ONE_EVENT ? RARE : TYPES.get(n / OF_ONE_EVENT % TYPES.size());
  }

  private static SplittableRandom random(int n) {
    return new SplittableRandom(n).split();
  }

  /// Puts the n-th on its way.
  ///
  /// @throws IllegalStateException if an earlier one could not be written
  void write(int n) {
    if (failed.get() != null) {
      throw new IllegalStateException("a record could not be written", failed.get());
    }
    var at = start.plusNanos(n * stepNanos);
    var opened = opened(n, at);
    var key = opened.getSubscriptionId();
    send(topics.deliveries().name(), key, opened);
    switch (Fate.of(n)) {
      case DELIVERED -> send(topics.attempts().name(), key, attempt(opened, at, "delivered", 200));
      case DEAD -> {
        var attempt = attempt(opened, at, "dead", 413);
        send(topics.attempts().name(), key, attempt);
        send(topics.deadLetters().name(), key, letter(opened, attempt, at));
      }
      case WAITING -> {
        var due = at.plus(RUNG);
        send(topics.attempts().name(), key, attempt(opened, at, "retry", 503));
        send(
            topics.retry("1h", RUNG).name(),
            key,
            Delivery.newBuilder(opened).setAttempts(1).setDueAt(due).build());
      }
      case PENDING -> {}
    }
  }

  private void send(String topic, String key, SpecificRecord value) {
    var bytes = values.serialize(topic, value);
    var _ =
        producer.send(
            new ProducerRecord<>(topic, key, bytes),
            (_, thrown) -> {
              if (thrown != null) {
                failed.compareAndSet(null, thrown);
              }
            });
  }

  private static Delivery opened(int n, Instant at) {
    int subscription = subscription(n);
    return Delivery.newBuilder()
        .setDeliveryId(delivery(n))
        .setEventId(event(n))
        .setSubscriptionId(subscriptionId(subscription))
        .setTenant(tenant(subscription))
        .setType(type(n))
        .setOccurredAt(at)
        .setMessageId(message(n))
        .setRecipient(recipient(n))
        .setSchemaVersion("1.0")
        .setFormat("standard")
        .setPayload(payload(n, at))
        .setCreatedAt(at)
        .setExpiresAt(at.plus(Duration.ofHours(24)))
        .setAttempts(0)
        .setDueAt(at)
        .build();
  }

  private static ByteBuffer payload(int n, Instant at) {
    var random = new byte[BODY / 4];
    random(n).nextBytes(random);
    var body =
        """
        {"type":"%s","timestamp":"%s","data":{"event_id":"%s","message_id":"%s","recipient":"%s",\
        "tags":["welcome","2026"],"stream":"outbound","smtp_response":"250 2.0.0 OK %s"}}\
        """
            .formatted(
                type(n), at, event(n), message(n), recipient(n), HexFormat.of().formatHex(random));
    return ByteBuffer.wrap(body.getBytes(UTF_8));
  }

  private static Attempt attempt(Delivery of, Instant at, String outcome, int status) {
    var signature = new byte[32];
    random(of.getDeliveryId().hashCode()).nextBytes(signature);
    return Attempt.newBuilder()
        .setAttemptId(of.getDeliveryId() + "-1")
        .setDeliveryId(of.getDeliveryId())
        .setEventId(of.getEventId())
        .setSubscriptionId(of.getSubscriptionId())
        .setTenant(of.getTenant())
        .setType(of.getType())
        .setMessageId(of.getMessageId())
        .setRecipient(of.getRecipient())
        .setAttempt(1)
        .setStartedAt(at.plusMillis(20))
        .setOutcome(outcome)
        .setReason(outcome.equals("dead") ? "payload_too_large" : null)
        .setDueAt(outcome.equals("retry") ? at.plus(RUNG) : null)
        .setUrl("https://hooks.example.com/" + of.getSubscriptionId())
        .setRequestHeaders(
            Map.of(
                "webhook-id",
                of.getEventId(),
                "webhook-timestamp",
                String.valueOf(at.getEpochSecond()),
                "webhook-signature",
                "v1," + HexFormat.of().formatHex(signature),
                "content-type",
                "application/json",
                "user-agent",
                "Fanfare/0.1.0",
                "webhook-attempt",
                "1"))
        .setStatus(status)
        .setResponseHeaders(
            Map.of("content-type", "application/json", "date", at.toString(), "server", "nginx"))
        .setResponseBody(ByteBuffer.wrap("{\"received\":true}".getBytes(UTF_8)))
        .setDnsUs(0L)
        .setConnectUs(0L)
        .setTlsUs(0L)
        .setFirstByteUs(9_000L)
        .setTotalUs(10_000L)
        .setWorker("worker-1")
        .build();
  }

  private static DeadLetter letter(Delivery of, Attempt last, Instant at) {
    return DeadLetter.newBuilder()
        .setDelivery(Delivery.newBuilder(of).setAttempts(1).build())
        .setReason("payload_too_large")
        .setDiedAt(at.plusMillis(40))
        .setStatus(last.getStatus())
        .setResponseHeaders(last.getResponseHeaders())
        .setResponseBody(last.getResponseBody())
        .build();
  }

  @Override
  public void close() {
    producer.close();
    values.close();
  }
}

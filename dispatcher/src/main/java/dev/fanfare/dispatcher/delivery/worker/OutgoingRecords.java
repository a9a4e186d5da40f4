package dev.fanfare.dispatcher.delivery.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fanfare.retry.deadletter.DeadLetterReason;
import dev.fanfare.retry.deadletter.DeadLetters;
import dev.fanfare.retry.deadletter.LastAnswer;
import dev.fanfare.retry.ladder.DelayLadder;
import dev.fanfare.retry.ladder.DueAt;
import dev.fanfare.schemas.avro.Alert;
import dev.fanfare.schemas.avro.Attempt;
import dev.fanfare.schemas.avro.DeadLetter;
import dev.fanfare.schemas.avro.Delivery;
import dev.fanfare.schemas.avro.EndpointState;
import dev.fanfare.schemas.serde.AvroSerdes;
import dev.fanfare.schemas.topic.Topics;
import java.time.Duration;
import java.time.Instant;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serializer;

/// The records that outcomes are written as, encoded. Thread-safe: attempts encode their own.
final class OutgoingRecords {
  private final Topics topics;
  private final DelayLadder ladder;
  private final Serializer<Attempt> attempts;
  private final Serializer<Delivery> deliveries;
  private final Serializer<DeadLetter> deadLetters;
  private final Serializer<EndpointState> endpoints;
  private final Serializer<Alert> alerts;

  OutgoingRecords(Topics topics, DelayLadder ladder, AvroSerdes serdes) {
    this.topics = topics;
    this.ladder = ladder;
    this.attempts = serdes.serializer();
    this.deliveries = serdes.serializer();
    this.deadLetters = serdes.serializer();
    this.endpoints = serdes.serializer();
    this.alerts = serdes.serializer();
  }

  /// With the delivery's own key, so that all that is written of it meets in one partition of the
  /// log.
  ProducerRecord<byte[], byte[]> attempt(String key, Attempt attempt) {
    return record(topics.attempts().name(), key, attempt, attempts);
  }

  /// The delivery on the rung that fits its wait.
  ///
  /// @param attempts attempts made so far
  ProducerRecord<byte[], byte[]> waiting(
      Received received, int attempts, Instant dueAt, Instant now) {
    var delivery =
        Delivery.newBuilder(received.delivery()).setAttempts(attempts).setDueAt(dueAt).build();
    var rung = ladder.rungFor(Duration.between(now, dueAt));
    var topic = topics.retry(rung.label(), rung.delay()).name();
    // Named by the deliveries topic: it is the same record under the same schema, wherever it
    // waits.
    var record = record(topic, topics.deliveries().name(), received.key(), delivery, deliveries);
    record.headers().add(DueAt.HEADER, DueAt.encode(dueAt));
    return record;
  }

  /// For a delivery that died without an attempt.
  ProducerRecord<byte[], byte[]> deadLetter(
      String key, Delivery delivery, DeadLetterReason reason, Instant now) {
    return deadLetter(key, DeadLetters.of(delivery, reason, LastAnswer.NONE, now));
  }

  ProducerRecord<byte[], byte[]> deadLetter(String key, DeadLetter dead) {
    return record(topics.deadLetters().name(), key, dead, deadLetters);
  }

  /// What the next worker must know of an endpoint.
  ProducerRecord<byte[], byte[]> endpoint(EndpointState state) {
    return record(topics.endpoints().name(), state.getSubscriptionId(), state, endpoints);
  }

  /// Nothing is known against an endpoint any more.
  ProducerRecord<byte[], byte[]> endpointWell(String subscription) {
    return new ProducerRecord<>(topics.endpoints().name(), subscription.getBytes(UTF_8), null);
  }

  /// By its own id, so that none takes another's place.
  ProducerRecord<byte[], byte[]> alert(Alert alert) {
    return record(topics.alerts().name(), alert.getId(), alert, alerts);
  }

  /// Bytes that are no delivery, as received.
  ProducerRecord<byte[], byte[]> unreadable(
      ConsumerRecord<byte[], byte[]> received, String detail) {
    var record = new ProducerRecord<>(topics.rejected().name(), received.key(), received.value());
    record.headers().add("fanfare-reason", "unreadable".getBytes(UTF_8));
    record.headers().add("fanfare-detail", detail.getBytes(UTF_8));
    record.headers().add("fanfare-source", topics.deliveries().name().getBytes(UTF_8));
    return record;
  }

  private static <V extends SpecificRecord> ProducerRecord<byte[], byte[]> record(
      String topic, String key, V value, Serializer<V> serializer) {
    return record(topic, topic, key, value, serializer);
  }

  private static <V extends SpecificRecord> ProducerRecord<byte[], byte[]> record(
      String topic, String subjectOf, String key, V value, Serializer<V> serializer) {
    return new ProducerRecord<>(topic, key.getBytes(UTF_8), serializer.serialize(subjectOf, value));
  }
}

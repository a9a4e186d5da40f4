package dev.fanfare.dispatcher.log.topology;

import dev.fanfare.schemas.avro.Attempt;
import dev.fanfare.schemas.avro.DeadLetter;
import dev.fanfare.schemas.avro.Delivery;
import dev.fanfare.schemas.serde.AvroSerdes;
import dev.fanfare.schemas.topic.Topics;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;

/// Reads the pipe's records, on their topics and in the log's stores: they are kept as they were
/// received. Thread-safe: Confluent's (de)serializers share nothing but their cache of schemas.
public final class RecordCodec implements AutoCloseable {
  private final Topics topics;
  private final Deserializer<Delivery> deliveries;
  private final Deserializer<Attempt> attempts;
  private final Deserializer<DeadLetter> deadLetters;
  private final Serializer<Delivery> deliveryBytes;
  private final Serializer<Attempt> attemptBytes;

  public RecordCodec(Topics topics, AvroSerdes serdes) {
    this.topics = topics;
    this.deliveries = serdes.deserializer(Delivery.class);
    this.attempts = serdes.deserializer(Attempt.class);
    this.deadLetters = serdes.deserializer(DeadLetter.class);
    this.deliveryBytes = serdes.serializer();
    this.attemptBytes = serdes.serializer();
  }

  public Delivery delivery(byte[] bytes) {
    return deliveries.deserialize(topics.deliveries().name(), bytes);
  }

  public Attempt attempt(byte[] bytes) {
    return attempts.deserialize(topics.attempts().name(), bytes);
  }

  DeadLetter deadLetter(byte[] bytes) {
    return deadLetters.deserialize(topics.deadLetters().name(), bytes);
  }

  byte[] bytes(Delivery delivery) {
    return deliveryBytes.serialize(topics.deliveries().name(), delivery);
  }

  byte[] bytes(Attempt attempt) {
    return attemptBytes.serialize(topics.attempts().name(), attempt);
  }

  @Override
  public void close() {
    deliveries.close();
    attempts.close();
    deadLetters.close();
    deliveryBytes.close();
    attemptBytes.close();
  }
}

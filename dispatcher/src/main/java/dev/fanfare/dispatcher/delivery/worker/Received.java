package dev.fanfare.dispatcher.delivery.worker;

import dev.fanfare.dispatcher.delivery.outcome.Waiting;
import dev.fanfare.schemas.avro.Delivery;
import java.time.Instant;
import org.apache.kafka.common.TopicPartition;

/// A delivery in memory, and where in Kafka it stands.
///
/// @param key of the record; what is written on for it keeps it, so that it comes back to this
///   partition
/// @param since when its event was written to Kafka or, where that is not known, when it was made
/// @param bytes what it is held to cost of the memory budget
record Received(
    TopicPartition partition,
    long offset,
    String key,
    Delivery delivery,
    Instant since,
    int bytes) {
  /// Heap taken by a delivery besides its record's own bytes: objects, strings, its place in a
  /// queue.
  static final int OVERHEAD = 1024;

  Waiting waiting() {
    return new Waiting(delivery.getAttempts(), delivery.getCreatedAt(), delivery.getExpiresAt());
  }
}

package dev.fanfare.dispatcher.feed;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fanfare.schemas.serde.DecodeFailure;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes the records of one topic in, one by one. Used by one thread.
final class FeedDecoder<V> {
  private static final Logger LOG = LoggerFactory.getLogger(FeedDecoder.class);

  /// A registry of several nodes may not know for a moment what was registered just now.
  private static final int TRIES_FOR_UNKNOWN_SCHEMA = 5;

  /// What became of a record.
  sealed interface Taken {
    record Applied() implements Taken {}

    /// Nothing is known about it yet; it must be offered again.
    record Later(String why) implements Taken {}
  }

  private static final Taken APPLIED = new Taken.Applied();

  private final FeedRecords<V> records;
  private final Deserializer<V> deserializer;
  private int tries;

  FeedDecoder(FeedRecords<V> records, Deserializer<V> deserializer) {
    this.records = records;
    this.deserializer = deserializer;
  }

  Taken take(ConsumerRecord<byte[], byte[]> received, Instant now) {
    var key = received.key() == null ? "" : new String(received.key(), UTF_8);
    if (!records.isKey(key)) {
      LOG.error("nothing of ours has the key of the record at {}; ignored", place(received));
      return APPLIED;
    }
    if (received.value() == null) {
      records.delete(key, now);
      return APPLIED;
    }
    V stored;
    try {
      stored = deserializer.deserialize(received.topic(), received.value());
    } catch (RuntimeException e) {
      return failed(key, received, DecodeFailure.of(e));
    }
    tries = 0;
    var problems = records.put(key, stored, now);
    if (!problems.isEmpty()) {
      LOG.error(
          "{} at {} cannot be used and is held back: {}",
          key,
          place(received),
          String.join(", ", problems));
    }
    return APPLIED;
  }

  private Taken failed(String key, ConsumerRecord<byte[], byte[]> received, DecodeFailure failure) {
    return switch (failure) {
      case DecodeFailure.Unreachable(String detail) -> new Taken.Later(detail);
      case DecodeFailure.Unusable(var reason, String detail)
          when reason == DecodeFailure.Reason.UNKNOWN_SCHEMA && mayTryAgain() ->
          new Taken.Later(detail);
      case DecodeFailure.Unusable(_, String detail) -> {
        tries = 0;
        records.putUnread(key);
        LOG.error("{} at {} cannot be read and is held back: {}", key, place(received), detail);
        yield APPLIED;
      }
    };
  }

  private boolean mayTryAgain() {
    tries++;
    return tries < TRIES_FOR_UNKNOWN_SCHEMA;
  }

  void close() {
    deserializer.close();
  }

  private static String place(ConsumerRecord<byte[], byte[]> received) {
    return received.topic() + "/" + received.partition() + "/" + received.offset();
  }
}

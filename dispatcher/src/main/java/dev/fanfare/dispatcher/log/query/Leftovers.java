package dev.fanfare.dispatcher.log.query;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// Whether anything is left to read of stretches of partitions. What stands at the end can be the
/// marker of a transaction, or what an aborted one wrote, and nobody commits behind that before the
/// next record comes. Used by one thread.
final class Leftovers {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final int FETCH_BYTES = 64 << 10;

  private final Supplier<Consumer<byte[], byte[]>> consumers;

  /// What was found to hold no records. Records do not come into it later.
  private final Map<TopicPartition, Stretch> empty = new HashMap<>();

  /// @param consumers make one that reads what is committed, in no group, from the earliest record
  ///   where there is none at an offset any more
  Leftovers(Supplier<Consumer<byte[], byte[]>> consumers) {
    this.consumers = consumers;
  }

  /// Such a consumer.
  ///
  /// @param given properties of consumers
  static Consumer<byte[], byte[]> consumer(Map<String, Object> given) {
    var all = new HashMap<>(given);
    all.remove(ConsumerConfig.GROUP_ID_CONFIG);
    all.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
    all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    all.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    all.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    all.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, FETCH_BYTES);
    return new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /// @param from -1 for the start
  /// @param to exclusive
  record Stretch(long from, long to) {}

  /// Those of the stretches that hold no record; one that can't be read to its end is none of them.
  Set<TopicPartition> without(Map<TopicPartition, Stretch> asked) {
    var left = new HashMap<>(asked);
    left.keySet().removeIf(at -> isKnown(at, asked));
    if (!left.isEmpty()) {
      try (var consumer = consumers.get()) {
        read(consumer, left);
      }
    }
    var all = new HashSet<>(asked.keySet());
    all.removeIf(at -> !isKnown(at, asked));
    return all;
  }

  private boolean isKnown(TopicPartition at, Map<TopicPartition, Stretch> asked) {
    var known = empty.get(at);
    var stretch = asked.get(at);
    return known != null
        && stretch != null
        && known.from() == stretch.from()
        && known.to() >= stretch.to();
  }

  private void read(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Stretch> left) {
    consumer.assign(left.keySet());
    left.forEach((at, stretch) -> {
      if (stretch.from() < 0) {
        consumer.seekToBeginning(Set.of(at));
      } else {
        consumer.seek(at, stretch.from());
      }
    });
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!left.isEmpty() && System.nanoTime() < deadline) {
      var polled = consumer.poll(POLL);
      left.entrySet()
          .removeIf(each -> {
            boolean done = isThrough(each.getKey(), each.getValue(), polled, consumer);
            if (done) {
              consumer.pause(Set.of(each.getKey()));
            }
            return done;
          });
    }
  }

  private boolean isThrough(
      TopicPartition at,
      Stretch stretch,
      ConsumerRecords<byte[], byte[]> polled,
      Consumer<byte[], byte[]> consumer) {
    var records = polled.records(at);
    if (!records.isEmpty() && records.getFirst().offset() < stretch.to()) {
      return true; // there is something: it is not among the empty ones
    }
    if (!records.isEmpty() || isAt(stretch.to(), at, consumer)) {
      empty.put(at, stretch);
      return true;
    }
    return false;
  }

  private static boolean isAt(long end, TopicPartition at, Consumer<byte[], byte[]> consumer) {
    try {
      return consumer.position(at, POLL) >= end;
    } catch (TimeoutException e) {
      return false; // where the partition begins is not known yet
    }
  }
}

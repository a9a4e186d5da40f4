package dev.fanfare.retry.replay.runner;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/// A topic read from given offsets to given offsets, all partitions side by side. What retention
/// deletes meanwhile is passed over and counted. For one thread.
final class SourceScan implements AutoCloseable {
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);

  private final Consumer<byte[], byte[]> consumer;
  private final String topic;
  private Map<TopicPartition, Long> ends = Map.of();
  private long lost;

  SourceScan(Consumer<byte[], byte[]> consumer, String topic) {
    this.consumer = consumer;
    this.topic = topic;
  }

  /// By partition: the first offset, and the one at which to end.
  record Bounds(Map<Integer, Long> starts, Map<Integer, Long> ends) {}

  /// What was read: the records in the order of each partition, and how far each partition is now.
  record Piece(List<ConsumerRecord<byte[], byte[]>> records, Map<Integer, Long> reached) {}

  /// What the topic holds now.
  ///
  /// @param since records whose own time is earlier may be left out
  Bounds bounds(Optional<Instant> since) {
    var partitions = partitions();
    var first = consumer.beginningOffsets(partitions, ANSWER_WITHIN);
    var last = consumer.endOffsets(partitions, ANSWER_WITHIN);
    var starts = new HashMap<Integer, Long>();
    var found =
        since
            .map(at ->
                consumer.offsetsForTimes(
                    partitions.stream()
                        .collect(Collectors.toMap(Function.identity(), _ -> at.toEpochMilli())),
                    ANSWER_WITHIN))
            .orElse(Map.of());
    for (var partition : partitions) {
      long start = first.getOrDefault(partition, 0L);
      if (since.isPresent()) {
        var later = found.get(partition); // null: nothing so late
        start = later == null ? last.getOrDefault(partition, 0L) : Math.max(start, later.offset());
      }
      starts.put(partition.partition(), start);
    }
    var limits = new HashMap<Integer, Long>();
    last.forEach((partition, offset) -> limits.put(partition.partition(), offset));
    return new Bounds(starts, limits);
  }

  private List<TopicPartition> partitions() {
    var partitions =
        consumer.partitionsFor(topic, ANSWER_WITHIN).stream()
            .map(info -> new TopicPartition(topic, info.partition()))
            .toList();
    if (partitions.isEmpty()) {
      throw new UnknownTopicOrPartitionException("topic " + topic + " does not exist");
    }
    return partitions;
  }

  /// Begins to read there.
  void seek(Map<Integer, Long> from, Map<Integer, Long> to) {
    var limits = new HashMap<TopicPartition, Long>();
    to.forEach((partition, end) -> {
      if (from.getOrDefault(partition, 0L) < end) {
        limits.put(new TopicPartition(topic, partition), end);
      }
    });
    ends = limits;
    consumer.assign(limits.keySet());
    consumer.resume(limits.keySet());
    for (var partition : limits.keySet()) {
      consumer.seek(partition, from.getOrDefault(partition.partition(), 0L));
    }
  }

  Piece poll(Duration patience) {
    if (isDone()) {
      return new Piece(List.of(), Map.of());
    }
    var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
    try {
      var polled = consumer.poll(patience);
      for (var partition : polled.partitions()) {
        long end = ends.getOrDefault(partition, 0L);
        polled.records(partition).stream()
            .filter(record -> record.offset() < end)
            .forEach(records::add);
      }
    } catch (OffsetOutOfRangeException e) {
      passOver(e.offsetOutOfRangePartitions());
    }
    return new Piece(records, reached());
  }

  private void passOver(Map<TopicPartition, Long> deleted) {
    var first = consumer.beginningOffsets(deleted.keySet(), ANSWER_WITHIN);
    deleted.forEach((partition, offset) -> {
      long next = Math.max(first.getOrDefault(partition, 0L), offset);
      consumer.seek(partition, next);
      lost += Math.min(next, ends.getOrDefault(partition, 0L)) - offset;
    });
  }

  private Map<Integer, Long> reached() {
    var reached = new HashMap<Integer, Long>();
    ends.forEach((partition, end) -> {
      long position = Math.min(consumer.position(partition, ANSWER_WITHIN), end);
      reached.put(partition.partition(), position);
      if (position >= end) {
        consumer.pause(List.of(partition));
      }
    });
    return reached;
  }

  boolean isDone() {
    return ends.entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey(), ANSWER_WITHIN) >= end.getValue());
  }

  /// Offsets passed over since the last time this was asked.
  long takeLost() {
    long since = lost;
    lost = 0;
    return since;
  }

  @Override
  public void close() {
    consumer.close();
  }
}

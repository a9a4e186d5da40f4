package dev.fanfare.dispatcher.delivery.worker;

import dev.fanfare.retry.transfer.Transfer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/// What is settled in memory and not yet durable, by the partition that it came from. At most one
/// transfer is under way; what is settled meanwhile waits for the next.
///
/// The offsets of a transfer are taken when it is made and belong to exactly the records in it:
/// were they taken anew when it is tried again, they would commit what the next transfer still
/// holds.
final class Outbox {
  private final MemoryBudget memory;
  private Map<TopicPartition, Settled> waiting = new HashMap<>();
  private Map<TopicPartition, Settled> underWay = new HashMap<>();

  /// Partitions that left while the transfer was under way; even if they come back, their part of
  /// it is never tried again, since another owner may have done it meanwhile.
  private final Set<TopicPartition> left = new HashSet<>();

  Outbox(MemoryBudget memory) {
    this.memory = memory;
  }

  /// Takes of the memory what the records need until they are durable.
  void add(TopicPartition partition, List<ProducerRecord<byte[], byte[]>> records) {
    var settled = waiting.computeIfAbsent(partition, _ -> new Settled());
    settled.records.addAll(records);
    long bytes = MemoryBudget.bytes(records);
    settled.bytes += bytes;
    memory.settle(bytes);
  }

  boolean isWaiting() {
    return !waiting.isEmpty();
  }

  boolean isUnderWay() {
    return !underWay.isEmpty();
  }

  /// Whether anything of these partitions is not durable yet.
  boolean holds(Set<TopicPartition> partitions) {
    return partitions.stream().anyMatch(p -> waiting.containsKey(p) || underWay.containsKey(p));
  }

  /// Everything that waits, as one transfer; empty when nothing does or one is under way.
  ///
  /// @param offsets what may be committed for a partition now
  Optional<Transfer> next(
      Function<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
    if (waiting.isEmpty() || isUnderWay()) {
      return Optional.empty();
    }
    waiting.forEach((partition, settled) -> settled.offset = Optional.of(offsets.apply(partition)));
    underWay = waiting;
    waiting = new HashMap<>();
    return Optional.of(transfer(group));
  }

  /// The refused transfer once more under a newer membership, without the partitions that are not
  /// ours any more; empty when none is left.
  Optional<Transfer> again(Set<TopicPartition> owned, ConsumerGroupMetadata group) {
    for (var partition : List.copyOf(underWay.keySet())) {
      if (left.contains(partition) || !owned.contains(partition)) {
        forget(underWay, partition);
      }
    }
    left.clear();
    return underWay.isEmpty() ? Optional.empty() : Optional.of(transfer(group));
  }

  private Transfer transfer(ConsumerGroupMetadata group) {
    var records = new ArrayList<ProducerRecord<byte[], byte[]>>();
    var offsets = new HashMap<TopicPartition, OffsetAndMetadata>();
    underWay.forEach((partition, settled) -> {
      records.addAll(settled.records);
      settled.offset.ifPresent(offset -> offsets.put(partition, offset));
    });
    return new Transfer(records, offsets, group);
  }

  /// The transfer under way is durable.
  void committed() {
    for (var partition : List.copyOf(underWay.keySet())) {
      forget(underWay, partition);
    }
    left.clear();
  }

  /// Forgets what waits of partitions that are somebody else's now; what is under way is sorted out
  /// when its result comes.
  void drop(Set<TopicPartition> partitions) {
    for (var partition : partitions) {
      forget(waiting, partition);
      if (underWay.containsKey(partition)) {
        left.add(partition);
      }
    }
  }

  private void forget(Map<TopicPartition, Settled> from, TopicPartition partition) {
    var settled = from.remove(partition);
    if (settled != null) {
      memory.forget(settled.bytes);
    }
  }

  private static final class Settled {
    final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    long bytes;
    Optional<OffsetAndMetadata> offset = Optional.empty();
  }
}

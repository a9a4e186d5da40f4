package dev.fanfare.retry.transfer;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// One exactly-once movement: these records out and these offsets in, or neither.
///
/// @param records keys and values as bytes, in the order in which they are sent
/// @param offsets next offset to read of each partition that the records came from
/// @param group the consumer's membership under which the offsets are committed; a stale one is
///   refused; null when there are no offsets, because what was read is told in a record
public record Transfer(
    List<ProducerRecord<byte[], byte[]>> records,
    Map<TopicPartition, OffsetAndMetadata> offsets,
    @Nullable ConsumerGroupMetadata group) {

  /// @throws IllegalArgumentException if there are offsets and no group
  public Transfer {
    records = List.copyOf(records);
    offsets = Map.copyOf(offsets);
    if (group == null && !offsets.isEmpty()) {
      throw new IllegalArgumentException("offsets are some group's");
    }
  }

  /// Records only, all or none.
  public static Transfer of(List<ProducerRecord<byte[], byte[]>> records) {
    return new Transfer(records, Map.of(), null);
  }

  public boolean isEmpty() {
    return records.isEmpty() && offsets.isEmpty();
  }
}

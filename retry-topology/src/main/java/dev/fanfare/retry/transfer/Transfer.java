package dev.fanfare.retry.transfer;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/// One exactly-once movement: these records out and these offsets in, or neither.
///
/// @param records keys and values as bytes, in the order in which they are sent
/// @param offsets next offset to read of each partition that the records came from
/// @param group the consumer's membership under which the offsets are committed; a stale one is
///   refused
public record Transfer(
    List<ProducerRecord<byte[], byte[]>> records,
    Map<TopicPartition, OffsetAndMetadata> offsets,
    ConsumerGroupMetadata group) {

  public Transfer {
    records = List.copyOf(records);
    offsets = Map.copyOf(offsets);
  }

  public boolean isEmpty() {
    return records.isEmpty() && offsets.isEmpty();
  }
}

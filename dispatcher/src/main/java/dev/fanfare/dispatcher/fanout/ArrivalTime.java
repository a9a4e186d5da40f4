package dev.fanfare.dispatcher.fanout;

import dev.fanfare.schemas.topic.EventAt;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.WallclockTimestampExtractor;
import org.jspecify.annotations.Nullable;

/// The topology's time is the clock's: a record without a time must not stop it, and none may drag
/// it into the past or the future. When a record was written to Kafka is kept beside, in a header
/// of the record, from here to [#taken].
final class ArrivalTime extends WallclockTimestampExtractor {
  @Override
  public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
    record.headers().remove(EventAt.HEADER); // nobody else may say so
    if (record.timestamp() >= 0) {
      record.headers().add(EventAt.HEADER, EventAt.encode(record.timestamp()));
    }
    return super.extract(record, partitionTime);
  }

  /// Takes it out of the headers, so that they are as they were received; null if it is not known.
  static byte @Nullable [] taken(Headers headers) {
    var header = headers.lastHeader(EventAt.HEADER);
    headers.remove(EventAt.HEADER);
    return header == null ? null : header.value();
  }
}

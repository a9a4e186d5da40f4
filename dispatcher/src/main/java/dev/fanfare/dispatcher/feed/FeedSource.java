package dev.fanfare.dispatcher.feed;

import org.apache.kafka.common.serialization.Deserializer;

/// One topic of a feed.
///
/// @param deserializer closed with the feed
public record FeedSource<V>(String topic, Deserializer<V> deserializer, FeedRecords<V> records) {
  FeedDecoder<V> decoder() {
    return new FeedDecoder<>(records, deserializer);
  }
}

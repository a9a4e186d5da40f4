package dev.fanfare.dispatcher.feed;

import java.time.Instant;
import java.util.List;

/// Where the records of one topic go, by key. Called by one thread.
///
/// @param <V> what the topic's values are read as
public interface FeedRecords<V> {
  /// Whether a record under this key belongs here at all.
  boolean isKey(String key);

  /// Takes in a record; returns why it can't be used, nothing if it can.
  List<String> put(String key, V stored, Instant now);

  /// Takes in a record of which nothing could be read.
  void putUnread(String key);

  void delete(String key, Instant now);
}

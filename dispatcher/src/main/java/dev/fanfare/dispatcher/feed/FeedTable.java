package dev.fanfare.dispatcher.feed;

import java.time.Instant;

/// What a feed fills. One thread changes it, any number read.
public interface FeedTable {
  /// The time has come to look for what ends with time.
  void tick(Instant now);

  int size();

  /// Those that could not be read or understood.
  int unusable();

  /// Counts the changes.
  long revision();
}

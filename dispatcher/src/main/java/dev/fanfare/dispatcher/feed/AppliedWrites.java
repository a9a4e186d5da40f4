package dev.fanfare.dispatcher.feed;

import java.time.Duration;

/// Whether a table has what was written to its topic. Thread-safe.
@FunctionalInterface
public interface AppliedWrites {
  /// Waits until the record at this offset is in the table; false when the time is over first.
  boolean awaitApplied(int partition, long offset, Duration atMost);
}

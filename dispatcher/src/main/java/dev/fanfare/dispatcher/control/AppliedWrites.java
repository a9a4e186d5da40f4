package dev.fanfare.dispatcher.control;

import java.time.Duration;

/// Whether this process has read what was written.
@FunctionalInterface
public interface AppliedWrites {
  /// Waits until the record at this offset has been read; false when the time is over first.
  boolean awaitApplied(int partition, long offset, Duration atMost);
}

package dev.fanfare.dispatcher.feed;

import java.time.Duration;

/// How far a table has come with its topic, whoever writes to it. Thread-safe.
public interface CurrentTable extends AppliedWrites {
  /// Waits until the table holds everything that had been written, by whomever, when this was
  /// called; false when the time is over first or the cluster is away. The table serves on.
  boolean awaitCurrent(Duration atMost);
}

package dev.fanfare.dispatcher.control;

import dev.fanfare.retry.replay.ReplayJob;

/// Counts what a replay would select.
@FunctionalInterface
public interface ReplayCount {
  Count of(ReplayJob job);

  /// What came of it.
  sealed interface Count {
    record Counted(long count) implements Count {}

    record Unavailable(String why) implements Count {}
  }
}

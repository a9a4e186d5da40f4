package dev.fanfare.dispatcher.feed;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.TopicPartition;

/// Up to where each partition has been applied to the table. Thread-safe: one thread advances, any
/// number wait.
final class AppliedOffsets {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition advanced = lock.newCondition();
  private final Map<TopicPartition, Long> next = new HashMap<>();

  /// @param position the first offset that is not applied
  void advance(TopicPartition partition, long position) {
    lock.lock();
    try {
      next.put(partition, position);
      advanced.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// The first offset that is not applied; empty before any is.
  OptionalLong position(TopicPartition partition) {
    lock.lock();
    try {
      var position = next.get(partition);
      return position == null ? OptionalLong.empty() : OptionalLong.of(position);
    } finally {
      lock.unlock();
    }
  }

  /// All of which something has been applied.
  Set<TopicPartition> partitions() {
    lock.lock();
    try {
      return Set.copyOf(next.keySet());
    } finally {
      lock.unlock();
    }
  }

  /// Waits until the record at this offset has been applied. False when the time is over or the
  /// waiting thread is interrupted, which then stays so.
  boolean await(TopicPartition partition, long offset, Duration atMost) {
    lock.lock();
    try {
      long left = atMost.toNanos();
      while (next.getOrDefault(partition, 0L) <= offset) {
        if (left <= 0) {
          return false;
        }
        left = advanced.awaitNanos(left);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }
}

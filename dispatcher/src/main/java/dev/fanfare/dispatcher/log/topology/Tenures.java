package dev.fanfare.dispatcher.log.topology;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/// Which partitions this process keeps up to date, as the topology itself says: a tenure begins
/// when the partition's stores are restored and its records are taken in here, and ends before they
/// are taken in elsewhere. Numbered, so that one that has ended is not taken for the one after it.
/// Thread-safe.
public final class Tenures {
  private final Map<Integer, Long> held = new HashMap<>();
  private long last;

  synchronized long begin(int partition) {
    held.put(partition, ++last);
    notifyAll();
    return last;
  }

  /// Another one may have begun already, in another thread.
  synchronized void end(int partition, long tenure) {
    held.remove(partition, tenure);
  }

  /// The tenure of each partition that is kept up to date here.
  public synchronized Map<Integer, Long> held() {
    return Map.copyOf(held);
  }

  /// Empty when the partition is kept up to date elsewhere, or nowhere.
  public synchronized OptionalLong of(int partition) {
    var tenure = held.get(partition);
    return tenure == null ? OptionalLong.empty() : OptionalLong.of(tenure);
  }

  /// The number of the tenure that was the last to begin.
  public synchronized long last() {
    return last;
  }

  /// Waits until a tenure after the given one has begun, for so long at most.
  public synchronized void awaitAfter(long tenure, Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (last <= tenure) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return;
      }
      wait(left / 1_000_000, (int) (left % 1_000_000));
    }
  }
}

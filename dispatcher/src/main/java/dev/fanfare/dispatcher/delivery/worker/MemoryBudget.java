package dev.fanfare.dispatcher.delivery.worker;

import java.util.concurrent.atomic.AtomicLong;

/// The bytes that one worker may hold in memory, from the moment a delivery is received until its
/// settlement is durable. Taken by the pump as soon as it has them: what lies in the inbox of a
/// loop that is busy counts, too. Thread-safe.
final class MemoryBudget {
  /// Once full it stays full until a fifth is free again, so that partitions don't flicker.
  private static final double REFILL_BELOW = 0.8;

  private final long limit;
  private final AtomicLong held = new AtomicLong();
  private boolean full;

  MemoryBudget(long limitBytes) {
    this.limit = limitBytes;
  }

  void take(long bytes) {
    add(bytes);
  }

  void release(long bytes) {
    add(-bytes);
  }

  private void add(long bytes) {
    if (held.addAndGet(bytes) < 0) {
      throw new IllegalStateException("more memory released than taken");
    }
  }

  synchronized boolean isFull() {
    full = held.get() >= (full ? limit * REFILL_BELOW : limit);
    return full;
  }

  long heldBytes() {
    return held.get();
  }
}

package dev.fanfare.dispatcher.delivery.worker;

/// The bytes that one worker may hold in memory, from the moment a delivery is received until its
/// settlement is durable. Written by the lanes' thread, read by any.
final class MemoryBudget {
  /// Once full it stays full until a fifth is free again, so that partitions don't flicker.
  private static final double REFILL_BELOW = 0.8;

  private final long limit;
  private volatile long held;
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

  @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
  private void add(long bytes) {
    held += bytes;
    if (held < 0) {
      throw new IllegalStateException("more memory released than taken");
    }
  }

  boolean isFull() {
    full = held >= (full ? limit * REFILL_BELOW : limit);
    return full;
  }

  long heldBytes() {
    return held;
  }
}

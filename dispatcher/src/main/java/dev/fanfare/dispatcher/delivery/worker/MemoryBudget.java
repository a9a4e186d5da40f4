package dev.fanfare.dispatcher.delivery.worker;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/// The bytes of heap that one worker may hold: for deliveries, from the moment one is received
/// until its settlement is durable, and for calls in flight.
///
/// ```
///  received ──▶ started ──▶ settled ──▶ durable
///  ├─ the delivery ───────┤├─ its records ─┤   at most half of it; beyond that nothing is taken in
///              ├─ a call ─┤                    at most three quarters; beyond that no call starts
///  ├─ all together ────────────────────────┤   at most all of it
/// ```
///
/// Deliveries are counted by the pump as soon as it has them: what lies in the inbox of a loop that
/// is busy counts, too. The rest is the loop's own. Thread-safe.
final class MemoryBudget {
  /// What a call in flight takes besides its delivery, measured with one for each endpoint: the
  /// client of its endpoint, the connection, a buffer, the stack of its thread.
  static final int PLAIN_CALL = 28 << 10;

  /// The same with TLS, which has buffers of its own.
  static final int TLS_CALL = 52 << 10;

  /// Heap taken by a record that waits for its transaction, besides its bytes.
  private static final int RECORD = 512;

  /// Once full it stays full until a fifth is free again, so that partitions don't flicker.
  private static final double REFILL_BELOW = 0.8;

  private static final double MOST_FOR_DELIVERIES = 0.5;
  private static final double MOST_FOR_CALLS = 0.75;

  /// For calls to endpoints that are not known to work: thousands that hang leave room for those
  /// that answer.
  private static final double MOST_FOR_DOUBTFUL_CALLS = 0.5;

  private final long limit;
  private final AtomicLong received = new AtomicLong();
  private final AtomicLong settled = new AtomicLong();
  private final AtomicLong calls = new AtomicLong();
  private boolean full;

  MemoryBudget(long limitBytes) {
    this.limit = limitBytes;
  }

  void receive(long bytes) {
    add(received, bytes);
  }

  /// A delivery is not held any more.
  void release(long bytes) {
    add(received, -bytes);
  }

  void startCall(int bytes) {
    add(calls, bytes);
  }

  void endCall(int bytes) {
    add(calls, -bytes);
  }

  void settle(long bytes) {
    add(settled, bytes);
  }

  /// What was settled is durable, or somebody else's.
  void forget(long bytes) {
    add(settled, -bytes);
  }

  private static void add(AtomicLong to, long bytes) {
    if (to.addAndGet(bytes) < 0) {
      throw new IllegalStateException("more memory released than taken");
    }
  }

  /// Whether nothing more should be taken in.
  synchronized boolean isFull() {
    double most = Math.min(limit * MOST_FOR_DELIVERIES, (double) (limit - calls.get()));
    full = received.get() + settled.get() >= (full ? most * REFILL_BELOW : most);
    return full;
  }

  /// Whether one more call may start. When nothing is under way that would make room, one may.
  ///
  /// @param well whether its endpoint took what it was sent last
  boolean hasRoomForCall(boolean well) {
    long inCalls = calls.get() + TLS_CALL;
    boolean stuck = calls.get() == 0 && settled.get() == 0;
    return stuck
        || (inCalls <= limit * (well ? MOST_FOR_CALLS : MOST_FOR_DOUBTFUL_CALLS)
            && received.get() + settled.get() + inCalls <= limit);
  }

  long heldBytes() {
    return received.get() + settled.get() + calls.get();
  }

  /// What a call of this scheme is held to take.
  static int call(String scheme) {
    return scheme.equalsIgnoreCase("http") ? PLAIN_CALL : TLS_CALL;
  }

  /// What records take that wait for their transaction.
  static long bytes(List<ProducerRecord<byte[], byte[]>> records) {
    long sum = 0;
    for (var record : records) {
      sum += RECORD + length(record.key()) + length(record.value());
    }
    return sum;
  }

  private static int length(byte @Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }
}

package dev.fanfare.dispatcher.egress;

import dev.fanfare.dispatcher.egress.guard.ReadBudget;
import java.net.ProtocolException;
import java.util.concurrent.atomic.AtomicLong;

/// How much the connections of one endpoint may read. What a call reads itself counts for the call.
/// HTTP/2 is read by a thread of the connection, on nobody's account: the client would hold 16 MiB
/// for each stream, sent before any head, until the call's deadline. So each call brings its own
/// worth of bytes, and when they are used up the connection is broken. Thread-safe.
final class ReadAllowance implements ReadBudget {
  private final long perCall;
  private final AtomicLong left = new AtomicLong();
  private volatile long brokenNanos;
  private volatile boolean broken;

  ReadAllowance(long perCall) {
    this.perCall = perCall;
  }

  /// For one more call. What was left over does not add up: one call's worth beyond those that are
  /// being made.
  ///
  /// @param calls being made, this one included
  void grant(int calls) {
    left.updateAndGet(now -> Math.min(Math.max(now, 0) + perCall, (calls + 1) * perCall));
  }

  @Override
  public void received(int bytes) throws ProtocolException {
    if (Caller.isCalling()) {
      Caller.received(bytes);
    } else if (left.addAndGet(-bytes) < 0) {
      brokenNanos = System.nanoTime();
      broken = true;
      throw new ProtocolException("too much");
    }
  }

  /// Whether a connection was broken since then. The exception itself does not always come through
  /// to the calls that were made over it.
  boolean brokenSince(long nanos) {
    return broken && brokenNanos - nanos > 0;
  }
}

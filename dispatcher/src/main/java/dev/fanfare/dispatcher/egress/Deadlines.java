package dev.fanfare.dispatcher.egress;

import dev.fanfare.dispatcher.egress.CallInFlight.Ending;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/// Ends calls that take too long: one thread looks at all of them every few milliseconds. The HTTP
/// client's own timeouts cost 10 to 15 µs a call; this costs one entry in a set.
///
/// A platform thread, so that it runs whatever the virtual ones do.
final class Deadlines implements AutoCloseable {
  private static final long TICK_NANOS = Duration.ofMillis(20).toNanos();
  private static final long REST_NANOS = Duration.ofSeconds(1).toNanos();

  private final Set<CallInFlight> calls = ConcurrentHashMap.newKeySet();
  private final Runnable chores;
  private final Thread sweeper;
  private volatile boolean resting;
  private volatile boolean closed;

  /// @param chores run by the same thread about once a second
  Deadlines(Runnable chores) {
    this.chores = chores;
    sweeper = Thread.ofPlatform().daemon().name("egress-deadlines").start(this::sweep);
  }

  /// Watches the call until [#remove]; ends it at once when closed.
  void add(CallInFlight call) {
    calls.add(call);
    if (closed) {
      call.end(Ending.SHUTDOWN);
    } else if (resting) {
      LockSupport.unpark(sweeper);
    }
  }

  void remove(CallInFlight call) {
    calls.remove(call);
  }

  int size() {
    return calls.size();
  }

  private void sweep() {
    long lastChores = System.nanoTime();
    while (!closed) {
      rest();
      long now = System.nanoTime();
      for (var call : calls) {
        if (call.isDue(now)) {
          call.end(Ending.DEADLINE);
        }
      }
      if (now - lastChores >= REST_NANOS) {
        lastChores = now;
        chores.run();
      }
    }
  }

  private void rest() {
    if (!calls.isEmpty()) {
      LockSupport.parkNanos(this, TICK_NANOS);
      return;
    }
    resting = true;
    if (calls.isEmpty() && !closed) {
      LockSupport.parkNanos(this, REST_NANOS);
    }
    resting = false;
  }

  /// Ends all calls and every later one.
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(sweeper);
    for (var call : calls) {
      call.end(Ending.SHUTDOWN);
    }
  }
}

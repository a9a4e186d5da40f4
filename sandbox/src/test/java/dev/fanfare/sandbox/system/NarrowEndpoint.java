package dev.fanfare.sandbox.system;

import dev.fanfare.testkit.receiver.Answer;
import dev.fanfare.testkit.receiver.Received;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/// An endpoint that takes so many POSTs at a time, answers 503 to more, and can be down. It counts
/// how many it holds. Thread-safe.
final class NarrowEndpoint {
  private final int capacity;
  private final Duration thinks;
  private final AtomicInteger held = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private final AtomicInteger served = new AtomicInteger();
  private final AtomicReference<Optional<Integer>> first = new AtomicReference<>(Optional.empty());
  private volatile boolean down;

  /// @param thinks how long it holds one that it takes
  NarrowEndpoint(int capacity, Duration thinks) {
    this.capacity = capacity;
    this.thinks = thinks;
  }

  Answer take(Received request) {
    int now = held.incrementAndGet();
    try {
      most.accumulateAndGet(now, Math::max);
      if (down || now > capacity) {
        return Answer.status(503);
      }
      first.compareAndSet(Optional.empty(), Optional.of(now));
      long until = System.nanoTime() + thinks.toNanos();
      while (System.nanoTime() < until) {
        LockSupport.parkNanos(until - System.nanoTime());
      }
      served.incrementAndGet();
      return Answer.OK;
    } finally {
      held.decrementAndGet();
    }
  }

  void goDown() {
    down = true;
  }

  /// Is well again, and counts anew what it holds.
  void comeBack() {
    most.set(0);
    first.set(Optional.empty());
    down = false;
  }

  /// The most that it held at a time.
  int most() {
    return most.get();
  }

  /// How many it held when it took the first one, that one included; empty before that.
  Optional<Integer> first() {
    return first.get();
  }

  /// POSTs that it has taken.
  int served() {
    return served.get();
  }
}

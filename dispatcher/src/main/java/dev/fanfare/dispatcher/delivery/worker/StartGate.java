package dev.fanfare.dispatcher.delivery.worker;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// Keeps attempts from being started faster than the machine can begin them: no more than so many
/// may have been started and wait for a processor.
///
/// An attempt that waits for its endpoint has begun and is not counted, so an endpoint that hangs
/// takes nothing from the others. Without the gate a burst for many endpoints is thousands of
/// attempts that share the processors and last seconds each: lanes learn from it that their
/// endpoints are slow, and attempts run into their timeouts. Thread-safe.
final class StartGate {
  private final int most;
  private final AtomicInteger beginning = new AtomicInteger();
  private final AtomicBoolean awaited = new AtomicBoolean();

  /// @param most attempts that may have been started and not have begun; at least 1
  StartGate(int most) {
    this.most = most;
  }

  /// Whether one more may be started; if not, [#began] tells when to ask again.
  boolean hasRoom() {
    if (beginning.get() < most) {
      return true;
    }
    awaited.set(true);
    return beginning.get() < most; // or nobody may be left who could tell
  }

  void starting() {
    beginning.incrementAndGet();
  }

  /// An attempt has begun.
  ///
  /// @return whether somebody waits for room, and there is half of it: true for one caller, each
  ///   time that [#hasRoom] was false
  boolean began() {
    return beginning.decrementAndGet() <= most / 2 && awaited.compareAndSet(true, false);
  }
}

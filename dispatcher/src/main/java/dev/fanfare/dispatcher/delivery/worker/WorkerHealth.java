package dev.fanfare.dispatcher.delivery.worker;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// What keeps a worker from working, if anything does. Thread-safe.
final class WorkerHealth {
  private final AtomicReference<Optional<String>> trouble =
      new AtomicReference<>(Optional.of("starting"));

  /// Empty when the worker works.
  Optional<String> trouble() {
    return trouble.get();
  }

  /// True when that is news.
  boolean failing(String why) {
    return !trouble.getAndSet(Optional.of(why)).equals(Optional.of(why));
  }

  void working() {
    trouble.set(Optional.empty());
  }
}

package dev.fanfare.dispatcher.control;

import dev.fanfare.schemas.avro.Subscription;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;

/// The records of subscriptions that this process has read. Thread-safe; reads never block.
public interface KnownSubscriptions {
  Optional<Subscription> stored(String id);

  /// All of them, in no order; a snapshot.
  Collection<Subscription> stored();

  /// Waits until the record at this offset has been read; false when the time is over first.
  boolean awaitApplied(int partition, long offset, Duration atMost);
}

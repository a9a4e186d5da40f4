package dev.fanfare.dispatcher.control;

import dev.fanfare.dispatcher.feed.CurrentTable;
import dev.fanfare.schemas.avro.Subscription;
import java.util.Collection;
import java.util.Optional;

/// The records of subscriptions that this process has read. Thread-safe; reads never block.
public interface KnownSubscriptions extends CurrentTable {
  Optional<Subscription> stored(String id);

  /// All of them, in no order; a snapshot.
  Collection<Subscription> stored();
}

package dev.fanfare.dispatcher.subscription.feed;

import dev.fanfare.dispatcher.subscription.Subscription;
import dev.fanfare.schemas.avro.EndpointState;
import java.util.Collection;
import java.util.Optional;

/// What the process knows of subscriptions now. Thread-safe; reads never block.
public interface SubscriptionTable {
  /// The subscription, or empty when it was never made or has been deleted.
  Optional<Subscription> find(String id);

  /// The record behind it, as it was last written; disabled when its endpoint was given up.
  Optional<dev.fanfare.schemas.avro.Subscription> stored(String id);

  /// What the workers have written down of its endpoint; empty when nothing is known against it.
  Optional<EndpointState> endpoint(String id);

  /// All of them, in no order; a snapshot.
  Collection<Subscription> all();
}

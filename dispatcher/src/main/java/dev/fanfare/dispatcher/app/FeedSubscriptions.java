package dev.fanfare.dispatcher.app;

import dev.fanfare.dispatcher.control.KnownSubscriptions;
import dev.fanfare.dispatcher.subscription.Place;
import dev.fanfare.dispatcher.subscription.feed.SubscriptionFeed;
import dev.fanfare.schemas.avro.Subscription;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What the feed has read, as control asks for it.
record FeedSubscriptions(SubscriptionFeed feed) implements KnownSubscriptions {
  @Override
  public Optional<Subscription> stored(String id) {
    return feed.stored(id);
  }

  @Override
  public Stream<Subscription> stored(@Nullable String tenant, @Nullable Place after) {
    return feed.stored(tenant, after);
  }

  @Override
  public Collection<String> sealedOtherwise() {
    return feed.sealedOtherwise();
  }

  @Override
  public boolean awaitApplied(int partition, long offset, Duration atMost) {
    return feed.awaitApplied(partition, offset, atMost);
  }

  @Override
  public boolean awaitCurrent(Duration atMost) {
    return feed.awaitCurrent(atMost);
  }
}

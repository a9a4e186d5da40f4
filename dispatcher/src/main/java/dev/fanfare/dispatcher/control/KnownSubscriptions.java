package dev.fanfare.dispatcher.control;

import dev.fanfare.dispatcher.feed.CurrentTable;
import dev.fanfare.dispatcher.subscription.Place;
import dev.fanfare.schemas.avro.Subscription;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The records of subscriptions that this process has read. Thread-safe; reads never block.
public interface KnownSubscriptions extends CurrentTable {
  Optional<Subscription> stored(String id);

  /// In the order in which they were made, looked up as far as the stream is read.
  ///
  /// @param tenant only of this one; null for all
  /// @param after null for the beginning
  Stream<Subscription> stored(@Nullable String tenant, @Nullable Place after);

  /// Ids of those whose secrets are not sealed as they would be if they were written now.
  Collection<String> sealedOtherwise();
}

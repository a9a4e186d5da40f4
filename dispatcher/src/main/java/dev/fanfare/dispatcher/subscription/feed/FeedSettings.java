package dev.fanfare.dispatcher.subscription.feed;

import dev.fanfare.dispatcher.subscription.reading.SubscriptionReader;
import dev.fanfare.dispatcher.subscription.sealing.SubscriptionSeal;
import java.time.Duration;

/// @param catchUpWithin how long the start may take to read the whole topic
/// @param reader decides which stored subscriptions can be used; lenient about addresses, which are
///   judged when they are dialled
/// @param seal opens what is secret of them
public record FeedSettings(
    Duration catchUpWithin, SubscriptionReader reader, SubscriptionSeal seal) {
  public static final FeedSettings DEFAULT =
      new FeedSettings(Duration.ofMinutes(2), new SubscriptionReader(true));

  /// For subscriptions of which nothing is sealed.
  public FeedSettings(Duration catchUpWithin, SubscriptionReader reader) {
    this(catchUpWithin, reader, SubscriptionSeal.NONE);
  }

  /// @throws IllegalArgumentException if the time is not positive
  public FeedSettings {
    if (!catchUpWithin.isPositive()) {
      throw new IllegalArgumentException("catchUpWithin must be positive: " + catchUpWithin);
    }
  }

  public FeedSettings with(SubscriptionSeal other) {
    return new FeedSettings(catchUpWithin, reader, other);
  }
}

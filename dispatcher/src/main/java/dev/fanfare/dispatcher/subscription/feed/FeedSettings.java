package dev.fanfare.dispatcher.subscription.feed;

import dev.fanfare.dispatcher.subscription.reading.SubscriptionReader;
import java.time.Duration;

/// @param catchUpWithin how long the start may take to read the whole topic
/// @param reader decides which stored subscriptions can be used; lenient about addresses, which are
///   judged when they are dialled
public record FeedSettings(Duration catchUpWithin, SubscriptionReader reader) {
  public static final FeedSettings DEFAULT =
      new FeedSettings(Duration.ofMinutes(2), new SubscriptionReader(true));

  /// @throws IllegalArgumentException if the time is not positive
  public FeedSettings {
    if (!catchUpWithin.isPositive()) {
      throw new IllegalArgumentException("catchUpWithin must be positive: " + catchUpWithin);
    }
  }
}

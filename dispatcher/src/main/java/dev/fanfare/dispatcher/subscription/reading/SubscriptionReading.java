package dev.fanfare.dispatcher.subscription.reading;

import dev.fanfare.dispatcher.subscription.Subscription;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What became of a stored subscription when it was read.
public sealed interface SubscriptionReading {
  /// It can be used.
  ///
  /// @param until from then on it reads differently, because a secret ends; empty for never
  record Read(Subscription subscription, Optional<Instant> until) implements SubscriptionReading {}

  /// It cannot, for these reasons; at least one.
  record Refused(List<SubscriptionProblem> problems) implements SubscriptionReading {}
}

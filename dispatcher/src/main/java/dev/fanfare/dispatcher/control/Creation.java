package dev.fanfare.dispatcher.control;

import java.util.List;

/// What became of a wish for a new subscription.
public sealed interface Creation {
  /// It exists, and this process knows it.
  record Created(SubscriptionView subscription, ReceiverKeys keys) implements Creation {}

  /// Nothing was written, for these reasons; at least one.
  record Refused(List<RequestProblem> problems) implements Creation {
    public Refused {
      problems = List.copyOf(problems);
    }
  }

  /// Kafka has not acknowledged it.
  record Unavailable(String why) implements Creation {}
}

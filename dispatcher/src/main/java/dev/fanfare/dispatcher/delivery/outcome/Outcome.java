package dev.fanfare.dispatcher.delivery.outcome;

import dev.fanfare.retry.deadletter.DeadLetterReason;
import java.time.Instant;

/// What becomes of a delivery after one look at it.
public sealed interface Outcome {
  /// The endpoint took it.
  record Delivered() implements Outcome {}

  /// The attempt failed; the next one is due then.
  record Retry(Instant dueAt) implements Outcome {}

  /// No attempt was made and none is spent; it is looked at again then.
  record Deferred(Instant dueAt) implements Outcome {}

  /// It ends here, without success.
  record Dead(DeadLetterReason reason) implements Outcome {}
}

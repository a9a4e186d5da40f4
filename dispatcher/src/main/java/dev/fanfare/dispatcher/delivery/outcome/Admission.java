package dev.fanfare.dispatcher.delivery.outcome;

import dev.fanfare.dispatcher.subscription.Status;
import dev.fanfare.retry.deadletter.DeadLetterReason;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Whether a delivery may be attempted at all, decided anew each time it comes up: a pause, a
/// deletion or its expiry counts at once.
public final class Admission {
  /// A subscription that is not in the table may be one that this process has not read yet, as long
  /// as the delivery is younger than this.
  static final Duration TABLE_LAG = Duration.ofMinutes(1);

  static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

  /// A paused delivery is looked at again after half its age, within these bounds: hops stay
  /// logarithmic in the length of the pause, and a resume takes effect within the upper bound.
  static final Duration SHORTEST_PARKING = Duration.ofSeconds(5);

  static final Duration LONGEST_PARKING = Duration.ofMinutes(10);

  private Admission() {}

  /// What becomes of it without an attempt, or empty when it may be attempted.
  ///
  /// @param status the subscription's, or empty when there is no such subscription
  /// @param whenDisabled why it dies if the subscription is disabled
  public static Optional<Outcome> of(
      Optional<Status> status, DeadLetterReason whenDisabled, Waiting delivery, Instant now) {
    if (!now.isBefore(delivery.expiresAt())) {
      return Optional.of(new Outcome.Dead(DeadLetterReason.EXPIRED));
    }
    if (status.isEmpty()) {
      boolean young = now.isBefore(delivery.createdAt().plus(TABLE_LAG));
      return Optional.of(
          young
              ? new Outcome.Deferred(now.plus(LOOK_AGAIN))
              : new Outcome.Dead(DeadLetterReason.ENDPOINT_DELETED));
    }
    return switch (status.get()) {
      case ACTIVE -> Optional.empty();
      case PAUSED -> Optional.of(new Outcome.Deferred(now.plus(parking(delivery, now))));
      case DISABLED -> Optional.of(new Outcome.Dead(whenDisabled));
    };
  }

  private static Duration parking(Waiting delivery, Instant now) {
    var half = Duration.between(delivery.createdAt(), now).dividedBy(2);
    if (half.compareTo(SHORTEST_PARKING) < 0) {
      return SHORTEST_PARKING;
    }
    return half.compareTo(LONGEST_PARKING) > 0 ? LONGEST_PARKING : half;
  }
}

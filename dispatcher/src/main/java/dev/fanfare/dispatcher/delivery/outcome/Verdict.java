package dev.fanfare.dispatcher.delivery.outcome;

import dev.fanfare.dispatcher.delivery.outcome.Outcome.Dead;
import dev.fanfare.dispatcher.delivery.outcome.Outcome.Delivered;
import dev.fanfare.dispatcher.delivery.outcome.Outcome.Retry;
import dev.fanfare.dispatcher.egress.Reply;
import dev.fanfare.dispatcher.egress.Reply.Answered;
import dev.fanfare.dispatcher.egress.Reply.Blocked;
import dev.fanfare.dispatcher.egress.Reply.Unanswered;
import dev.fanfare.retry.deadletter.DeadLetterReason;
import dev.fanfare.retry.ladder.RetryAfter;
import dev.fanfare.retry.ladder.RetrySchedule;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// Reads a [Reply]; knows no clock, no Kafka and no HTTP client.
///
/// | reply | outcome |
/// |---|---|
/// | 2xx | delivered |
/// | 410 | dead: `gone`; the endpoint is disabled |
/// | 413 | dead: `payload_too_large`; the same bytes will not fit next time |
/// | other, with `webhook-delivery: abort-message` | dead: `aborted` |
/// | other, with `webhook-delivery: disable` | dead: `endpoint_disabled`; the endpoint is disabled |
/// | 429, 502, 503, 504 with `Retry-After` | retry, not before then and not before the schedule |
/// | everything else, 3xx too, and no answer | retry by the schedule |
/// | address refused | dead: `blocked_address` |
/// | no wait left in the schedule, or due after it expires | dead: `expired` |
public final class Verdict {
  /// A `Retry-After` beyond the delivery's life leaves one last attempt, this long before its end.
  static final Duration LAST_CHANCE = Duration.ofMinutes(1);

  private Verdict() {}

  /// @param attempts attempts made, this one included
  /// @param now when the reply came
  public static Outcome on(
      Reply reply, int attempts, Instant expiresAt, RetrySchedule schedule, Instant now) {
    return switch (reply) {
      case Answered answered when answered.status() / 100 == 2 -> new Delivered();
      case Answered answered when answered.status() == 410 -> new Dead(DeadLetterReason.GONE);
      case Answered answered when answered.status() == 413 ->
          new Dead(DeadLetterReason.PAYLOAD_TOO_LARGE);
      case Answered answered when asks(answered, "abort-message") ->
          new Dead(DeadLetterReason.ABORTED);
      case Answered answered when asks(answered, "disable") ->
          new Dead(DeadLetterReason.ENDPOINT_DISABLED);
      case Answered answered ->
          later(schedule.next(attempts, now), notBefore(answered, now), expiresAt);
      case Unanswered _ -> later(schedule.next(attempts, now), Optional.empty(), expiresAt);
      case Blocked _ -> new Dead(DeadLetterReason.BLOCKED_ADDRESS);
    };
  }

  /// Why nothing more is to be sent to this endpoint; empty when more may be.
  public static Optional<DisableReason> stopsEndpoint(Reply reply) {
    return switch (reply) {
      case Answered answered when answered.status() == 410 -> Optional.of(DisableReason.GONE);
      case Answered answered when answered.status() / 100 != 2 && asks(answered, "disable") ->
          Optional.of(DisableReason.ASKED);
      case Answered _, Unanswered _, Blocked _ -> Optional.empty();
    };
  }

  /// Whether the endpoint works, although it has not taken this delivery: it has looked at it and
  /// does not want it again.
  public static boolean refusesOnlyThis(Reply reply) {
    return reply instanceof Answered answered
        && answered.status() / 100 != 2
        && answered.status() != 410
        && (answered.status() == 413 || asks(answered, "abort-message"));
  }

  private static boolean asks(Answered answered, String what) {
    return answered
        .header("webhook-delivery")
        .filter(value -> value.strip().toLowerCase(Locale.ROOT).equals(what))
        .isPresent();
  }

  private static Optional<Instant> notBefore(Answered answered, Instant now) {
    return switch (answered.status()) {
      case 429, 502, 503, 504 ->
          answered.header("retry-after").flatMap(value -> RetryAfter.at(value, now));
      default -> Optional.empty();
    };
  }

  private static Outcome later(
      Optional<Instant> scheduled, Optional<Instant> notBefore, Instant expiresAt) {
    if (scheduled.isEmpty() || !scheduled.get().isBefore(expiresAt)) {
      return new Dead(DeadLetterReason.EXPIRED);
    }
    var due = scheduled.get();
    if (notBefore.isPresent() && notBefore.get().isAfter(due)) {
      due = notBefore.get();
      var lastChance = expiresAt.minus(LAST_CHANCE);
      if (due.isAfter(lastChance)) {
        due = lastChance.isAfter(scheduled.get()) ? lastChance : scheduled.get();
      }
    }
    return new Retry(due);
  }
}

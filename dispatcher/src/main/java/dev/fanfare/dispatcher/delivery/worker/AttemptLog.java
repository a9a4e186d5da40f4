package dev.fanfare.dispatcher.delivery.worker;

import dev.fanfare.dispatcher.delivery.outcome.Outcome;
import dev.fanfare.dispatcher.egress.Reply;
import dev.fanfare.schemas.avro.Delivery;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// One wide line per attempt, under the logger `fanfare.attempt`: DEBUG when it was delivered, INFO
/// otherwise. Never a payload, a recipient or a secret.
final class AttemptLog {
  private static final Logger LOG = LoggerFactory.getLogger("fanfare.attempt");

  private AttemptLog() {}

  static void write(Delivery delivery, int attempt, Reply reply, Outcome outcome) {
    var level = outcome instanceof Outcome.Delivered ? Level.DEBUG : Level.INFO;
    if (!LOG.isEnabledForLevel(level)) {
      return;
    }
    LOG.atLevel(level)
        .log(
            "subscription={} delivery={} event={} attempt={} status={} took_ms={} outcome={}",
            delivery.getSubscriptionId(),
            delivery.getDeliveryId(),
            delivery.getEventId(),
            attempt,
            status(reply),
            reply.timings().total() / 1000,
            outcome);
  }

  private static String status(Reply reply) {
    return switch (reply) {
      case Reply.Answered answered -> Integer.toString(answered.status());
      case Reply.Unanswered unanswered -> unanswered.fault().code();
      case Reply.Blocked _ -> "blocked_address";
    };
  }
}

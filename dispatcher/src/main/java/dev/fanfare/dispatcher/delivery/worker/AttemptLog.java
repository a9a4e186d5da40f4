package dev.fanfare.dispatcher.delivery.worker;

import dev.fanfare.dispatcher.delivery.outcome.Outcome;
import dev.fanfare.dispatcher.egress.Reply;
import dev.fanfare.dispatcher.telemetry.Trace;
import dev.fanfare.schemas.avro.Delivery;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// One wide line per attempt, under the logger `fanfare.attempt`: DEBUG when it was delivered, INFO
/// otherwise. Its keys are fixed: what searches logs relies on them. Never a payload, a recipient
/// or a secret.
final class AttemptLog {
  private static final Logger LOG = LoggerFactory.getLogger("fanfare.attempt");

  private AttemptLog() {}

  static void write(Delivery delivery, int attempt, Reply reply, Outcome outcome) {
    var level = outcome instanceof Outcome.Delivered ? Level.DEBUG : Level.INFO;
    if (!LOG.isEnabledForLevel(level)) {
      return;
    }
    var line =
        LOG.atLevel(level)
            .addKeyValue("subscription", delivery.getSubscriptionId())
            .addKeyValue("delivery", delivery.getDeliveryId())
            .addKeyValue("event", delivery.getEventId())
            .addKeyValue("attempt", attempt)
            .addKeyValue("status", status(reply))
            .addKeyValue("took_ms", reply.timings().total() / 1000);
    var trace = Trace.of(delivery.getTraceparent());
    if (trace.isPresent()) {
      line = line.addKeyValue("trace", trace.get().id());
    }
    line = line.addKeyValue("outcome", word(outcome));
    line =
        switch (outcome) {
          case Outcome.Delivered _ -> line;
          case Outcome.Retry(var dueAt) -> line.addKeyValue("due_at", dueAt);
          case Outcome.Deferred(var dueAt) -> line.addKeyValue("due_at", dueAt);
          case Outcome.Dead(var reason) -> line.addKeyValue("reason", reason.code());
        };
    line.log("attempt");
  }

  static String word(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Delivered _ -> "delivered";
      case Outcome.Retry _ -> "retry";
      case Outcome.Deferred _ -> "deferred";
      case Outcome.Dead _ -> "dead";
    };
  }

  /// A status code, or what happened instead of an answer.
  static String status(Reply reply) {
    return switch (reply) {
      case Reply.Answered answered -> Integer.toString(answered.status());
      case Reply.Unanswered unanswered -> unanswered.fault().code();
      case Reply.Blocked _ -> "blocked_address";
    };
  }
}

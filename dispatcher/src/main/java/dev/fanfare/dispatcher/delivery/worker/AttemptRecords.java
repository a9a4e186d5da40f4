package dev.fanfare.dispatcher.delivery.worker;

import dev.fanfare.dispatcher.delivery.outcome.Outcome;
import dev.fanfare.dispatcher.egress.Post;
import dev.fanfare.dispatcher.egress.Reply;
import dev.fanfare.dispatcher.egress.Reply.Answered;
import dev.fanfare.dispatcher.egress.Reply.Blocked;
import dev.fanfare.dispatcher.egress.Reply.Unanswered;
import dev.fanfare.retry.deadletter.DeadLetterReason;
import dev.fanfare.retry.deadletter.DeadLetters;
import dev.fanfare.retry.deadletter.LastAnswer;
import dev.fanfare.schemas.avro.Attempt;
import dev.fanfare.schemas.avro.DeadLetter;
import dev.fanfare.schemas.avro.Delivery;
import java.net.URI;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An attempt as it is written down. Its id is the delivery's and its number, so that a repeated
/// attempt is seen to be one.
final class AttemptRecords {
  private static final String BLOCKED = "blocked_address";
  private static final String REFUSED = "refused to connect to ";

  private final String worker;

  AttemptRecords(String worker) {
    this.worker = worker;
  }

  Attempt of(Delivery delivery, Post post, Reply reply, Outcome outcome, Instant startedAt) {
    var attempt =
        Attempt.newBuilder()
            .setAttemptId(delivery.getDeliveryId() + "-" + post.attempt())
            .setDeliveryId(delivery.getDeliveryId())
            .setEventId(delivery.getEventId())
            .setSubscriptionId(delivery.getSubscriptionId())
            .setTenant(delivery.getTenant())
            .setType(delivery.getType())
            .setMessageId(delivery.getMessageId())
            .setRecipient(delivery.getRecipient())
            .setAttempt(post.attempt())
            .setStartedAt(startedAt)
            .setUrl(withoutQuery(post.url()))
            .setWorker(worker)
            .setReplayId(delivery.getReplayId());
    outcome(attempt, outcome);
    reply(attempt, reply);
    sent(attempt, reply.sent());
    return attempt.build();
  }

  private static void outcome(Attempt.Builder attempt, Outcome outcome) {
    switch (outcome) {
      case Outcome.Delivered _ -> attempt.setOutcome("delivered");
      case Outcome.Retry(var dueAt) -> attempt.setOutcome("retry").setDueAt(dueAt);
      case Outcome.Deferred(var dueAt) -> attempt.setOutcome("deferred").setDueAt(dueAt);
      case Outcome.Dead(var reason) -> attempt.setOutcome("dead").setReason(reason.code());
    }
  }

  private static void reply(Attempt.Builder attempt, Reply reply) {
    switch (reply) {
      case Answered answered ->
          attempt
              .setStatus(answered.status())
              .setResponseHeaders(answered.headers())
              .setResponseBody(answered.body());
      case Unanswered(var fault, var message, _) ->
          attempt.setError(fault.code()).setErrorMessage(message);
      case Blocked(var address, _) -> attempt.setError(BLOCKED).setErrorMessage(REFUSED + address);
    }
  }

  /// The dead letter of a delivery whose last attempt got this reply.
  static DeadLetter deadLetter(
      Delivery delivery, DeadLetterReason reason, Reply reply, Instant now) {
    var answer =
        switch (reply) {
          case Answered answered ->
              LastAnswer.answered(answered.status(), answered.headers(), answered.body());
          case Unanswered(var fault, var message, _) -> LastAnswer.failed(fault.code(), message);
          case Blocked(var address, _) -> LastAnswer.failed(BLOCKED, REFUSED + address);
        };
    return DeadLetters.of(delivery, reason, answer, now);
  }

  private static void sent(Attempt.Builder attempt, Reply.Sent sent) {
    var timings = sent.timings();
    attempt
        .setRequestHeaders(sent.headers())
        .setDnsUs(measured(timings.dns()))
        .setConnectUs(measured(timings.connect()))
        .setTlsUs(measured(timings.tls()))
        .setFirstByteUs(measured(timings.firstByte()))
        .setTotalUs(measured(timings.total()));
  }

  private static @Nullable Long measured(long micros) {
    return micros < 0 ? null : micros;
  }

  /// A query may hold a secret.
  private static String withoutQuery(URI url) {
    return url.getRawQuery() == null
        ? url.toString()
        : url.toString().substring(0, url.toString().indexOf('?'));
  }
}

package dev.fanfare.dispatcher.delivery.worker;

import dev.fanfare.dispatcher.delivery.lane.Sample;
import dev.fanfare.dispatcher.delivery.outcome.Outcome;
import dev.fanfare.dispatcher.delivery.outcome.Verdict;
import dev.fanfare.dispatcher.egress.Egress;
import dev.fanfare.dispatcher.egress.Post;
import dev.fanfare.dispatcher.egress.Reply;
import dev.fanfare.dispatcher.egress.Reply.Answered;
import dev.fanfare.dispatcher.egress.Reply.Blocked;
import dev.fanfare.dispatcher.egress.Reply.Fault;
import dev.fanfare.dispatcher.egress.Reply.Sent;
import dev.fanfare.dispatcher.egress.Reply.Unanswered;
import dev.fanfare.dispatcher.subscription.Subscription;
import dev.fanfare.dispatcher.telemetry.Spans;
import dev.fanfare.dispatcher.telemetry.Trace;
import dev.fanfare.schemas.avro.Delivery;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes attempts, each on a virtual thread of its own: sign and POST, judge the reply, encode what
/// is to be written for it. Thread-safe.
final class AttemptRunner implements Lanes.Starting {
  private static final Logger LOG = LoggerFactory.getLogger(AttemptRunner.class);

  /// For each processor, attempts that may wait for it.
  private static final int BEGINNING = 32;

  private final Egress egress;
  private final OutgoingRecords outgoing;
  private final AttemptRecords attempts;
  private final DeliverySettings settings;
  private final WorkerMetrics metrics;
  private final Spans spans;
  private final InstantSource clock;
  private final StartGate gate =
      new StartGate(BEGINNING * Runtime.getRuntime().availableProcessors());

  AttemptRunner(
      Egress egress,
      OutgoingRecords outgoing,
      String worker,
      DeliverySettings settings,
      WorkerMetrics metrics,
      Spans spans,
      InstantSource clock) {
    this.egress = egress;
    this.outgoing = outgoing;
    this.attempts = new AttemptRecords(worker);
    this.settings = settings;
    this.metrics = metrics;
    this.spans = spans;
    this.clock = clock;
  }

  @Override
  public boolean hasRoom() {
    return gate.hasRoom();
  }

  @Override
  public Thread start(
      Received received, Subscription subscription, Ticket ticket, Lanes.Settling settling) {
    gate.starting();
    return Thread.startVirtualThread(() -> {
      if (gate.began()) {
        settling.hasRoomAgain();
      }
      try {
        settling.finished(attempt(received, subscription, ticket));
      } catch (RuntimeException | Error e) {
        // Its outcome can't be written, so nobody may believe that it is still in flight.
        settling.failed(e);
      }
    });
  }

  private FinishedAttempt attempt(Received received, Subscription subscription, Ticket ticket) {
    var delivery = received.delivery();
    var startedAt = clock.instant();
    var post = post(delivery, subscription);
    return judged(received, subscription, ticket, post, reply(post, delivery), startedAt);
  }

  /// What came of an attempt that got this reply just now.
  FinishedAttempt judged(
      Received received,
      Subscription subscription,
      Ticket ticket,
      Post post,
      Reply reply,
      Instant startedAt) {
    var delivery = received.delivery();
    if (reply instanceof Unanswered(Fault fault, _, _) && fault == Fault.CANCELLED) {
      return FinishedAttempt.cancelled(received, ticket);
    }
    var now = clock.instant();
    var schedule = subscription.schedule().orElse(settings.schedule());
    var outcome = Verdict.on(reply, post.attempt(), delivery.getExpiresAt(), schedule, now);
    metrics.attempted(received, reply, outcome, startedAt, now);
    AttemptSpan.of(delivery, post, reply, outcome, startedAt, now).ifPresent(spans::ended);
    AttemptLog.write(delivery, post.attempt(), reply, outcome);
    var records = records(received, post, reply, outcome, startedAt, now);
    return new FinishedAttempt(
        received, ticket, sample(reply), Verdict.stopsEndpoint(reply), records);
  }

  Post post(Delivery delivery, Subscription subscription) {
    var endpoint = subscription.endpoint();
    return DeliveryPost.of(
        delivery,
        subscription.id().value(),
        endpoint,
        endpoint.timeout().orElse(settings.timeout()),
        traceparent(delivery));
  }

  /// Of a span of ours, if there is one; of the producer's otherwise.
  private @Nullable String traceparent(Delivery delivery) {
    return Trace.of(delivery.getTraceparent())
        .flatMap(spans::begin)
        .map(Trace::traceparent)
        .orElse(delivery.getTraceparent());
  }

  private Reply reply(Post post, Delivery delivery) {
    try {
      return egress.post(post);
    } catch (RuntimeException e) {
      // A bug must cost the delivery a wait, not its life.
      LOG.error("delivery {}: the attempt failed inside", delivery.getDeliveryId(), e);
      return new Unanswered(Fault.PROTOCOL, "internal error", Sent.NOTHING);
    }
  }

  private List<ProducerRecord<byte[], byte[]>> records(
      Received received, Post post, Reply reply, Outcome outcome, Instant startedAt, Instant now) {
    var delivery = received.delivery();
    var records = new ArrayList<ProducerRecord<byte[], byte[]>>(3);
    records.add(
        outgoing.attempt(received.key(), attempts.of(delivery, post, reply, outcome, startedAt)));
    switch (outcome) {
      case Outcome.Delivered _ -> {}
      case Outcome.Retry(var dueAt) ->
          records.add(outgoing.waiting(received, post.attempt(), dueAt, now));
      case Outcome.Deferred(var dueAt) ->
          records.add(outgoing.waiting(received, delivery.getAttempts(), dueAt, now));
      case Outcome.Dead(var reason) -> {
        var died = Delivery.newBuilder(delivery).setAttempts(post.attempt()).build();
        records.add(
            outgoing.deadLetter(
                received.key(), AttemptRecords.deadLetter(died, reason, reply, now)));
      }
    }
    return records;
  }

  /// What the endpoint's lane learns: a 413 or a request to abort comes from an endpoint that
  /// works.
  private static Sample sample(Reply reply) {
    return switch (reply) {
      case Answered answered when answered.status() / 100 == 2 -> Sample.SUCCESS;
      case Answered _ when Verdict.refusesOnlyThis(reply) -> Sample.SUCCESS;
      case Answered _, Unanswered _ -> Sample.FAILURE;
      case Blocked _ -> Sample.NEUTRAL;
    };
  }
}

package dev.fanfare.dispatcher.delivery.worker;

import dev.fanfare.dispatcher.delivery.lane.Lane;
import dev.fanfare.dispatcher.delivery.lane.LaneStep;
import dev.fanfare.dispatcher.delivery.lane.Priority;
import dev.fanfare.dispatcher.delivery.lane.Sample;
import dev.fanfare.dispatcher.delivery.outcome.Admission;
import dev.fanfare.dispatcher.delivery.outcome.Outcome;
import dev.fanfare.dispatcher.subscription.Subscription;
import dev.fanfare.dispatcher.subscription.feed.SubscriptionTable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.ProducerRecord;

/// All lanes of one worker: one per subscription, made when it is first needed and forgotten when
/// it has been idle. What they let start is attempted; what they shed, and what may not be
/// attempted at all, is settled without an attempt.
///
/// Owned by the worker's loop; not thread-safe.
final class Lanes {
  private static final long IDLE_MS = 600_000;

  private final Map<String, Entry> entries = new HashMap<>();
  private final PriorityQueue<Alarm> alarms = new PriorityQueue<>();
  private final SubscriptionTable table;
  private final AttemptRunner runner;
  private final OutgoingRecords outgoing;
  private final DeliverySettings settings;
  private final WorkerMetrics metrics;
  private final Settling settling;
  private int waiting;

  Lanes(
      SubscriptionTable table,
      AttemptRunner runner,
      OutgoingRecords outgoing,
      DeliverySettings settings,
      WorkerMetrics metrics,
      Settling settling) {
    this.table = table;
    this.runner = runner;
    this.outgoing = outgoing;
    this.settings = settings;
    this.metrics = metrics;
    this.settling = settling;
  }

  /// What the lanes tell their owner.
  interface Settling {
    void started(Received received, Thread attempt);

    /// Called on the attempt's own thread.
    void finished(FinishedAttempt attempt);

    /// An attempt has ended without an outcome that could be written; called on its own thread.
    void failed(Throwable cause);

    void settled(Received received, List<ProducerRecord<byte[], byte[]>> records);
  }

  void offer(Received received, long nowMs) {
    var id = received.delivery().getSubscriptionId();
    var subscription = table.find(id);
    var fate = Admission.of(subscription.map(Subscription::status), received.waiting(), at(nowMs));
    if (fate.isPresent()) {
      settle(received, fate.get(), nowMs);
      return;
    }
    var entry = entries.computeIfAbsent(id, _ -> new Entry(new Lane<>(settings.lane(), nowMs)));
    subscription.ifPresent(s -> entry.limitBy(s, settings.lane().concurrency()));
    entry.usedAtMs = nowMs;
    waiting++;
    entry.lane.offer(received, Priority.of(received.delivery().getType()), nowMs);
    advance(id, entry, nowMs);
  }

  void completed(FinishedAttempt attempt, long nowMs) {
    var id = attempt.received().delivery().getSubscriptionId();
    var entry = entries.get(id);
    if (entry == null) {
      throw new IllegalStateException("an attempt ended in a lane that is not there: " + id);
    }
    entry.usedAtMs = nowMs;
    entry.lane.completed(attempt.startedAtMs(), attempt.sample(), nowMs);
    advance(id, entry, nowMs);
  }

  /// Advances the lanes whose time has come.
  void wake(long nowMs) {
    for (var alarm = alarms.peek(); alarm != null && alarm.atMs <= nowMs; alarm = alarms.peek()) {
      alarms.remove();
      var entry = entries.get(alarm.id);
      if (entry != null) {
        entry.alarmSet = false;
        advance(alarm.id, entry, nowMs);
      }
    }
  }

  /// When [#wake] has something to do, or empty.
  Optional<Long> nextAlarmMs() {
    return Optional.ofNullable(alarms.peek()).map(Alarm::atMs);
  }

  /// Once a second or so: sheds what would wait too long and forgets lanes that have long been
  /// idle.
  void tend(long nowMs) {
    entries
        .values()
        .removeIf(entry -> nowMs - entry.usedAtMs > IDLE_MS && entry.lane.isForgettable());
    for (var entry : entries.entrySet()) {
      if (entry.getValue().lane.waiting() > 0) {
        entry.getValue().lane.trim(nowMs);
        advance(entry.getKey(), entry.getValue(), nowMs);
      }
    }
  }

  private void advance(String id, Entry entry, long nowMs) {
    while (true) {
      switch (entry.lane.next(nowMs)) {
        case LaneStep.Start<Received>(var received) -> {
          waiting--;
          start(entry, received, nowMs);
        }
        case LaneStep.Shed<Received>(var received, var dueAtMs, var reason) -> {
          waiting--;
          metrics.shed(reason);
          settle(received, new Outcome.Deferred(at(dueAtMs)), nowMs);
        }
        case LaneStep.WaitUntil<Received>(var atMs) -> {
          if (!entry.alarmSet) {
            entry.alarmSet = true;
            alarms.add(new Alarm(atMs, id));
          }
          return;
        }
        case LaneStep.Idle<Received> _ -> {
          return;
        }
      }
    }
  }

  /// Looks at the subscription once more: it may have changed while the delivery waited.
  private void start(Entry entry, Received received, long nowMs) {
    var subscription = table.find(received.delivery().getSubscriptionId());
    var fate = Admission.of(subscription.map(Subscription::status), received.waiting(), at(nowMs));
    if (fate.isEmpty() && subscription.isPresent()) {
      var thread = runner.start(received, subscription.get(), nowMs, settling);
      settling.started(received, thread);
    } else {
      entry.lane.completed(nowMs, Sample.NEUTRAL, nowMs);
      settle(received, fate.orElseThrow(), nowMs);
    }
  }

  /// Settles without an attempt.
  private void settle(Received received, Outcome outcome, long nowMs) {
    var now = at(nowMs);
    var delivery = received.delivery();
    var record =
        switch (outcome) {
          case Outcome.Deferred(var dueAt) ->
              outgoing.waiting(
                  received, delivery.getAttempts(), earlier(dueAt, delivery.getExpiresAt()), now);
          case Outcome.Dead(var reason) -> outgoing.deadLetter(delivery, reason, now);
          case Outcome.Delivered _, Outcome.Retry _ ->
              throw new IllegalStateException("no attempt was made: " + outcome);
        };
    metrics.settledWithoutAttempt(outcome);
    settling.settled(received, List.of(record));
  }

  /// Takes away what waits and the test holds for.
  void withdraw(Predicate<Received> test, Consumer<Received> withdrawn) {
    for (var entry : entries.values()) {
      var taken = new ArrayList<Received>();
      entry.lane.withdraw(received -> test.test(received) && taken.add(received));
      waiting -= taken.size();
      taken.forEach(withdrawn);
    }
  }

  int waiting() {
    return waiting;
  }

  private static Instant at(long epochMs) {
    return Instant.ofEpochMilli(epochMs);
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }

  private static final class Entry {
    final Lane<Received> lane;
    Optional<Subscription> limitedBy = Optional.empty();
    long usedAtMs;
    boolean alarmSet;

    Entry(Lane<Received> lane) {
      this.lane = lane;
    }

    @SuppressWarnings(
        "ReferenceEquality") // a look at every delivery: the table keeps what has not changed
    void limitBy(Subscription subscription, int defaultConcurrency) {
      if (limitedBy.isEmpty() || limitedBy.get() != subscription) {
        limitedBy = Optional.of(subscription);
        var limits = subscription.limits();
        lane.limits(limits.ratePerSecond(), limits.concurrency().orElse(defaultConcurrency));
      }
    }
  }

  private record Alarm(long atMs, String id) implements Comparable<Alarm> {
    @Override
    public int compareTo(Alarm other) {
      return Long.compare(atMs, other.atMs);
    }
  }
}

package dev.fanfare.dispatcher.delivery.worker;

import dev.fanfare.dispatcher.delivery.lane.Lane;
import dev.fanfare.dispatcher.delivery.lane.LaneCensus;
import dev.fanfare.dispatcher.delivery.lane.LaneSettings;
import dev.fanfare.dispatcher.delivery.lane.LaneStep;
import dev.fanfare.dispatcher.delivery.lane.Priority;
import dev.fanfare.dispatcher.delivery.lane.Pulse;
import dev.fanfare.dispatcher.delivery.lane.Sample;
import dev.fanfare.dispatcher.delivery.outcome.Admission;
import dev.fanfare.dispatcher.delivery.outcome.DisableReason;
import dev.fanfare.dispatcher.delivery.outcome.Outcome;
import dev.fanfare.dispatcher.subscription.Status;
import dev.fanfare.dispatcher.subscription.Subscription;
import dev.fanfare.dispatcher.subscription.feed.SubscriptionTable;
import dev.fanfare.retry.deadletter.DeadLetterReason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/// All lanes of one worker: one per subscription, made when it is first needed and forgotten when
/// it has been idle. What they let start is attempted; what they shed, and what may not be
/// attempted at all, is settled without an attempt.
///
/// Owned by the worker's loop; not thread-safe.
final class Lanes {
  private static final long IDLE_MS = 600_000;

  /// The well before the others.
  private static final boolean[] ENDPOINTS = {true, false};

  private final Map<String, Entry> entries = new HashMap<>();
  private final PriorityQueue<Alarm> alarms = new PriorityQueue<>();
  private final SubscriptionTable table;
  private final Starting attempts;
  private final OutgoingRecords outgoing;
  private final DeliverySettings settings;
  private final WorkerMetrics metrics;
  private final Settling settling;
  private final EndpointWatch watch;
  private final Turns turns = new Turns();
  private int waiting;

  Lanes(
      SubscriptionTable table,
      Starting attempts,
      OutgoingRecords outgoing,
      DeliverySettings settings,
      WorkerMetrics metrics,
      Settling settling) {
    this.table = table;
    this.attempts = attempts;
    this.outgoing = outgoing;
    this.settings = settings;
    this.metrics = metrics;
    this.settling = settling;
    this.watch =
        new EndpointWatch(table, outgoing, settings.lane().giveUpAfter(), metrics, settling);
  }

  /// Who makes the attempts.
  interface Starting {
    /// Whether one more attempt can begin soon; [Settling#hasRoomAgain] is called when it can.
    default boolean hasRoom() {
      return true;
    }

    /// Starts an attempt; its end is handed over on the attempt's own thread. An interrupt of the
    /// thread returned cancels it.
    Thread start(Received received, Subscription subscription, Ticket ticket, Settling settling);
  }

  /// What the lanes tell their owner.
  interface Settling {
    /// Whether there is room for one more call.
    ///
    /// @param well whether its endpoint worked when it was last heard of
    boolean hasRoom(boolean well);

    void started(Received received, Ticket ticket, Thread attempt);

    /// More attempts can begin. Any thread may call it.
    void hasRoomAgain();

    /// Called on the attempt's own thread.
    void finished(FinishedAttempt attempt);

    /// An attempt has ended without an outcome that could be written; called on its own thread.
    void failed(Throwable cause);

    void settled(Received received, List<ProducerRecord<byte[], byte[]>> records);

    /// Records to be written with what this partition settles next.
    void noted(TopicPartition partition, List<ProducerRecord<byte[], byte[]>> records);
  }

  void offer(Received received, long nowMs) {
    var id = received.delivery().getSubscriptionId();
    var subscription = table.find(id);
    var fate = fate(received, subscription, nowMs);
    if (fate.isPresent()) {
      settle(received, fate.get(), nowMs);
      return;
    }
    var entry =
        entries.computeIfAbsent(id, _ -> new Entry(received.partition(), settings.lane(), nowMs));
    subscription.ifPresent(s -> entry.limitBy(s, settings.lane().concurrency()));
    entry.usedAtMs = nowMs;
    waiting++;
    entry.lane.offer(received, Priority.of(received.delivery().getType()), nowMs);
    advance(id, entry, nowMs);
  }

  private Optional<Outcome> fate(
      Received received, Optional<Subscription> subscription, long nowMs) {
    var status = subscription.map(Subscription::status);
    var whenDisabled =
        status.filter(Status.DISABLED::equals).isPresent()
            ? reasonOf(received.delivery().getSubscriptionId())
            : DeadLetterReason.ENDPOINT_DISABLED;
    return Admission.of(status, whenDisabled, received.waiting(), at(nowMs));
  }

  /// What dies because its endpoint has answered 410 says so.
  private DeadLetterReason reasonOf(String disabled) {
    return table
        .stored(disabled)
        .filter(stored -> DisableReason.GONE.code().equals(stored.getStatusReason()))
        .map(_ -> DeadLetterReason.GONE)
        .orElse(DeadLetterReason.ENDPOINT_DISABLED);
  }

  /// An attempt of a partition that is ours has ended.
  void completed(FinishedAttempt attempt, long nowMs) {
    var id = attempt.received().delivery().getSubscriptionId();
    var entry = entries.get(id);
    if (entry == null) {
      throw new IllegalStateException("an attempt ended in a lane that is not there: " + id);
    }
    entry.usedAtMs = nowMs;
    entry.lane.completed(attempt.ticket().startedAtMs(), attempt.sample(), nowMs);
    attempt.note(entry.lane.breaker());
    if (!attempt.cancelled()) {
      entry.pulse.ended(attempt.sample());
      watch.ended(attempt, at(nowMs));
    }
    advance(id, entry, nowMs);
  }

  /// Advances the lanes whose time has come, and those whose turn it is when there is room for more
  /// calls: one call each, and the well and the others alternate, lest either wait for ever.
  void wake(long nowMs) {
    boolean servedAny;
    do {
      servedAny = false;
      for (boolean well : ENDPOINTS) {
        if (turns.isWaiting(well) && hasRoom(well)) {
          servedAny = true;
          var id = turns.next(well);
          var entry = entries.get(id);
          if (entry != null) {
            advance(id, entry, nowMs, true);
          }
        }
      }
    } while (servedAny);
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
        .entrySet()
        .removeIf(it -> isIdle(it.getValue(), nowMs) && watch.isForgettable(it.getKey()));
    for (var it : entries.entrySet()) {
      var entry = it.getValue();
      if (entry.lane.waiting() > 0) {
        clearIfStopped(it.getKey(), entry, nowMs);
        entry.lane.trim(nowMs);
        advance(it.getKey(), entry, nowMs);
      }
    }
    metrics.counted(census(nowMs));
  }

  private static boolean isIdle(Entry entry, long nowMs) {
    return nowMs - entry.usedAtMs > IDLE_MS && entry.lane.isForgettable();
  }

  /// Settles at once what waits for a subscription that has been paused, disabled or deleted: its
  /// lane may have no slot free for long.
  private void clearIfStopped(String id, Entry entry, long nowMs) {
    var subscription = table.find(id);
    if (subscription.map(Subscription::status).filter(Status.ACTIVE::equals).isPresent()) {
      return;
    }
    var taken = new ArrayList<Received>();
    entry.lane.withdraw(
        received -> fate(received, subscription, nowMs).isPresent() && taken.add(received));
    waiting -= taken.size();
    taken.forEach(
        received -> settle(received, fate(received, subscription, nowMs).orElseThrow(), nowMs));
  }

  /// Forgets all that was learnt of endpoints whose partitions are somebody else's: what they do
  /// from now on is not seen here, and whoever calls them next starts slowly.
  void forget(Set<TopicPartition> gone) {
    entries
        .entrySet()
        .removeIf(it -> {
          boolean leaves = gone.contains(it.getValue().partition);
          if (leaves) {
            waiting -= it.getValue().lane.waiting();
            watch.forget(it.getKey());
          }
          return leaves;
        });
  }

  private void advance(String id, Entry entry, long nowMs) {
    advance(id, entry, nowMs, false);
  }

  private boolean hasRoom(boolean well) {
    return settling.hasRoom(well) && attempts.hasRoom();
  }

  /// @param itsTurn whether one call may start although other lanes wait for room
  private void advance(String id, Entry entry, long nowMs, boolean itsTurn) {
    boolean first = itsTurn;
    while (true) {
      boolean well = entry.lane.isWell();
      boolean room = (first || !turns.isAnyWaiting()) && hasRoom(well);
      switch (entry.lane.next(nowMs, room)) {
        case LaneStep.Start<Received>(var received) -> {
          waiting--;
          first = false;
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
        case LaneStep.NoRoom<Received> _ -> {
          turns.queue(id, well);
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
    var id = received.delivery().getSubscriptionId();
    long version = watch.version(id); // before the subscription: then it is never too new
    var subscription = table.find(id);
    var fate = fate(received, subscription, nowMs);
    if (fate.isEmpty() && subscription.isPresent()) {
      int bytes = MemoryBudget.call(subscription.get().endpoint().url().getScheme());
      var ticket = new Ticket(nowMs, version, bytes);
      settling.started(
          received, ticket, attempts.start(received, subscription.get(), ticket, settling));
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
          case Outcome.Dead(var reason) ->
              outgoing.deadLetter(received.key(), delivery, reason, now);
          case Outcome.Delivered _, Outcome.Retry _ ->
              throw new IllegalStateException("no attempt was made: " + outcome);
        };
    metrics.settledWithoutAttempt(delivery, outcome);
    settling.settled(received, List.of(record));
    if (outcome instanceof Outcome.Dead(var reason)) {
      watch.died(received, reason, now);
    }
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

  private LaneCensus census(long nowMs) {
    var count = new LaneCensus.Count();
    entries.forEach((id, entry) -> {
      entry.pulse.beat(nowMs);
      count.add(id, entry.lane, entry.pulse);
    });
    return count.taken();
  }

  private static Instant at(long epochMs) {
    return Instant.ofEpochMilli(epochMs);
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }

  private static final class Entry {
    final TopicPartition partition;
    final Lane<Received> lane;
    final Pulse pulse;
    Optional<Subscription> limitedBy = Optional.empty();
    long usedAtMs;
    boolean alarmSet;

    Entry(TopicPartition partition, LaneSettings settings, long nowMs) {
      this.partition = partition;
      this.lane = new Lane<>(settings, nowMs);
      this.pulse = new Pulse(nowMs);
      this.usedAtMs = nowMs;
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

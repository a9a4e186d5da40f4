package dev.fanfare.dispatcher.delivery.worker;

import dev.fanfare.retry.transfer.Settlement;
import dev.fanfare.retry.transfer.Transfer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/// The one thread that owns lanes, trackers and outbox: everything that happens to them is a task
/// in its inbox. It blocks on nothing but the inbox.
final class WorkerLoop implements Lanes.Settling {
  private static final long TEND_EVERY_MS = 1_000;
  private static final long LONGEST_WAIT_MS = 1_000;
  private static final long REFUSED_WAIT_MS = 100;

  /// After attempts were cancelled, how long their settlement may take.
  private static final long GRACE_MS = 3_000;

  private final LinkedBlockingQueue<Runnable> inbox = new LinkedBlockingQueue<>();
  private final Map<TopicPartition, AssignedPartition> partitions = new HashMap<>();
  private final Set<Departure> departures = new HashSet<>();
  private final MemoryBudget memory;
  private final Outbox outbox;
  private final Lanes lanes;
  private final Consumer<Transfer> settler;
  private final Consumer<Throwable> broken;
  private final InstantSource clock;
  private final long settleEveryMs;
  private volatile Set<TopicPartition> held = Set.of();
  private volatile int inFlight;
  private volatile int waiting;
  private Optional<ConsumerGroupMetadata> group = Optional.empty();
  private boolean running = true;
  private long settledAtMs;
  private long tendedAtMs;
  private long tryAgainAtMs = Long.MAX_VALUE;

  /// @param settler takes a transfer; its result comes back by [#result]
  /// @param broken told when the worker must start again from the committed offsets
  WorkerLoop(
      DeliverySettings settings,
      Function<Lanes.Settling, Lanes> lanes,
      Consumer<Transfer> settler,
      Consumer<Throwable> broken,
      InstantSource clock) {
    this.settleEveryMs = settings.settleEvery().toMillis();
    this.memory = new MemoryBudget(settings.memoryBytes());
    this.outbox = new Outbox(memory);
    this.settler = settler;
    this.broken = broken;
    this.clock = clock;
    this.lanes = lanes.apply(this);
  }

  // ---- told from other threads

  void assigned(
      Map<TopicPartition, OffsetAndMetadata> committed, ConsumerGroupMetadata membership) {
    joined(membership);
    inbox.add(() -> {
      committed.forEach((p, offset) -> partitions.put(p, AssignedPartition.resumed(p, offset)));
    });
  }

  /// The group has moved on and we with it: what is committed from now on is committed as this
  /// member. To be told before partitions are let go of, or their last outcomes would be refused.
  void joined(ConsumerGroupMetadata membership) {
    inbox.add(() -> group = Optional.of(membership));
  }

  void received(List<Received> batch) {
    memory.receive(batch.stream().mapToLong(Received::bytes).sum());
    inbox.add(() -> batch.forEach(this::receive));
  }

  /// A record that is no delivery: written on as it is, so that nothing is lost.
  void unreadable(TopicPartition partition, long offset, ProducerRecord<byte[], byte[]> record) {
    inbox.add(() -> {
      var assigned = partitions.get(partition);
      if (assigned != null && assigned.received(offset)) {
        assigned.settled(offset);
        outbox.add(partition, List.of(record));
      }
    });
  }

  /// Lets go of partitions in good order: starts nothing more, lets what is in flight end within
  /// the bound, then cancels it, and settles. Completes when that is done.
  CompletableFuture<Void> depart(Set<TopicPartition> leaving, Duration bound) {
    var departure = new Departure(leaving, bound);
    inbox.add(() -> {
      departure.deadlineMs = clock.millis() + departure.bound.toMillis();
      withdraw(leaving);
      departures.add(departure);
    });
    return departure.done;
  }

  /// The partitions are somebody else's already: whatever is not durable is theirs to do.
  void lost(Set<TopicPartition> gone) {
    inbox.add(() -> {
      withdraw(gone);
      forget(gone);
    });
  }

  void result(Settlement settlement) {
    inbox.add(() -> take(settlement));
  }

  @Override
  public void hasRoomAgain() {
    inbox.add(() -> {});
  }

  @Override
  public void finished(FinishedAttempt attempt) {
    inbox.add(() -> finish(attempt));
  }

  @Override
  public void failed(Throwable cause) {
    inbox.add(() -> end(cause));
  }

  /// Ends the loop at once; attempts in flight are cancelled.
  void stop() {
    inbox.add(() -> {
      partitions.values().forEach(AssignedPartition::cancelAll);
      running = false;
    });
  }

  /// Partitions that nothing should be fetched of for now. Any thread may ask.
  Set<TopicPartition> held() {
    return held;
  }

  /// Whether nothing at all should be fetched for now. Any thread may ask.
  boolean isFull() {
    return memory.isFull();
  }

  /// Bytes of memory held. Any thread may ask.
  long heldBytes() {
    return memory.heldBytes();
  }

  /// Attempts in flight. Any thread may ask.
  int inFlight() {
    return inFlight;
  }

  /// Deliveries that wait in lanes. Any thread may ask.
  int waiting() {
    return waiting;
  }

  /// Waits for cancelled attempts to end, so that the next session can't overlap with them. To be
  /// called when the loop has ended.
  void awaitAttempts(Duration bound) throws InterruptedException {
    long deadline = System.nanoTime() + bound.toNanos();
    for (var assigned : partitions.values()) {
      for (var thread : assigned.threads()) {
        thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
      }
    }
  }

  // ---- the loop's own

  void run() {
    try {
      while (running) {
        var task = inbox.poll(waitMs(), TimeUnit.MILLISECONDS);
        if (task != null) {
          task.run();
        }
        advance();
      }
    } catch (InterruptedException e) {
      partitions.values().forEach(AssignedPartition::cancelAll);
    } catch (RuntimeException e) {
      end(e);
    }
    departures.forEach(departure -> departure.done.complete(null));
  }

  /// Does all that is to be done by now; returns the milliseconds until there may be more, unless a
  /// task comes first.
  long advance() {
    for (var task = inbox.poll(); task != null; task = inbox.poll()) {
      task.run();
    }
    turn(clock.millis());
    return waitMs();
  }

  private long waitMs() {
    long now = clock.millis();
    long until = now + LONGEST_WAIT_MS;
    if (!outbox.isUnderWay() && outbox.isWaiting()) {
      until = Math.min(until, settledAtMs + settleEveryMs);
    }
    until = Math.min(until, lanes.nextAlarmMs().orElse(until));
    until = Math.min(until, tryAgainAtMs);
    for (var departure : departures) {
      until = Math.min(until, departure.deadlineMs);
    }
    return Math.max(0, until - now);
  }

  private void turn(long nowMs) {
    lanes.wake(nowMs);
    if (nowMs - tendedAtMs >= TEND_EVERY_MS) {
      tendedAtMs = nowMs;
      lanes.tend(nowMs);
    }
    if (nowMs >= tryAgainAtMs) {
      tryAgainAtMs = Long.MAX_VALUE;
      group.flatMap(g -> outbox.again(partitions.keySet(), g)).ifPresent(settler);
    }
    if (!outbox.isUnderWay() && (nowMs - settledAtMs >= settleEveryMs || !departures.isEmpty())) {
      group
          .flatMap(g -> outbox.next(this::committable, g))
          .ifPresent(transfer -> {
            settledAtMs = nowMs;
            settler.accept(transfer);
          });
    }
    seeOff(nowMs);
    held = toHold();
    inFlight = inFlight(partitions.keySet());
    waiting = lanes.waiting();
  }

  private OffsetAndMetadata committable(TopicPartition partition) {
    var assigned = partitions.get(partition);
    if (assigned == null) {
      throw new IllegalStateException("settled for a partition that is not ours: " + partition);
    }
    return assigned.committable();
  }

  private Set<TopicPartition> toHold() {
    if (memory.isFull()) {
      return Set.copyOf(partitions.keySet());
    }
    var crowded = new HashSet<TopicPartition>();
    partitions.forEach((partition, assigned) -> {
      if (assigned.isCrowded()) {
        crowded.add(partition);
      }
    });
    return Set.copyOf(crowded);
  }

  private void receive(Received received) {
    var assigned = partitions.get(received.partition());
    if (assigned != null && assigned.received(received.offset())) {
      lanes.offer(received, clock.millis());
    } else {
      memory.release(received.bytes());
    }
  }

  @Override
  public boolean hasRoom(boolean well) {
    return memory.hasRoomForCall(well);
  }

  @Override
  public void started(Received received, Ticket ticket, Thread attempt) {
    var assigned = partitions.get(received.partition());
    if (assigned == null) {
      throw new IllegalStateException("started for a partition that is not ours");
    }
    assigned.started(received, attempt);
    memory.startCall(ticket.bytes());
  }

  private void finish(FinishedAttempt attempt) {
    var received = attempt.received();
    memory.endCall(attempt.ticket().bytes());
    var assigned = partitions.get(received.partition());
    boolean ours = assigned != null && assigned.ended(received);
    if (ours && !attempt.cancelled()) {
      settled(received, attempt.records());
    } else {
      memory.release(received.bytes());
    }
    if (ours) {
      lanes.completed(attempt, clock.millis());
    }
  }

  @Override
  public void settled(Received received, List<ProducerRecord<byte[], byte[]>> records) {
    var assigned = partitions.get(received.partition());
    if (assigned == null) {
      throw new IllegalStateException("settled for a partition that is not ours");
    }
    assigned.settled(received.offset());
    outbox.add(received.partition(), records);
    memory.release(received.bytes());
  }

  @Override
  public void noted(TopicPartition partition, List<ProducerRecord<byte[], byte[]>> records) {
    outbox.add(partition, records);
  }

  private void take(Settlement settlement) {
    switch (settlement) {
      case Settlement.Committed _ -> outbox.committed();
      case Settlement.Refused _ -> tryAgainAtMs = clock.millis() + REFUSED_WAIT_MS;
      case Settlement.Broken(var cause) -> end(cause);
    }
  }

  /// The worker must start again from the committed offsets.
  private void end(Throwable cause) {
    running = false;
    partitions.values().forEach(AssignedPartition::cancelAll);
    broken.accept(cause);
  }

  private void withdraw(Set<TopicPartition> leaving) {
    lanes.withdraw(
        received -> leaving.contains(received.partition()),
        received -> memory.release(received.bytes()));
  }

  private void forget(Set<TopicPartition> gone) {
    outbox.drop(gone);
    lanes.forget(gone);
    for (var partition : gone) {
      Optional.ofNullable(partitions.remove(partition)).ifPresent(AssignedPartition::cancelAll);
    }
  }

  /// Ends the departures that are over.
  private void seeOff(long nowMs) {
    for (Iterator<Departure> i = departures.iterator(); i.hasNext(); ) {
      var departure = i.next();
      boolean flying = inFlight(departure.partitions) > 0;
      boolean over = !flying && !outbox.holds(departure.partitions);
      if (over || (nowMs >= departure.deadlineMs && departure.cancelled)) {
        forget(departure.partitions);
        departure.done.complete(null);
        i.remove();
      } else if (nowMs >= departure.deadlineMs) {
        departure.cancelled = true;
        departure.deadlineMs = nowMs + GRACE_MS;
        departure.partitions.forEach(this::cancel);
      }
    }
  }

  private void cancel(TopicPartition partition) {
    Optional.ofNullable(partitions.get(partition)).ifPresent(AssignedPartition::cancelAll);
  }

  private int inFlight(Set<TopicPartition> of) {
    int sum = 0;
    for (var partition : of) {
      var assigned = partitions.get(partition);
      sum += assigned == null ? 0 : assigned.inFlight();
    }
    return sum;
  }

  private static final class Departure {
    final Set<TopicPartition> partitions;
    final Duration bound;
    final CompletableFuture<Void> done = new CompletableFuture<>();
    long deadlineMs;
    boolean cancelled;

    Departure(Set<TopicPartition> partitions, Duration bound) {
      this.partitions = Set.copyOf(partitions);
      this.bound = bound;
    }
  }
}

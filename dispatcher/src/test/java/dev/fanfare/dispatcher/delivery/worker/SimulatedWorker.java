package dev.fanfare.dispatcher.delivery.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fanfare.dispatcher.egress.Egress;
import dev.fanfare.dispatcher.egress.Post;
import dev.fanfare.dispatcher.egress.Reply;
import dev.fanfare.dispatcher.subscription.Subscription;
import dev.fanfare.dispatcher.telemetry.Spans;
import dev.fanfare.retry.transfer.Settlement;
import dev.fanfare.retry.transfer.Transfer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/// A worker under simulated time: the real loop with its lanes, trackers, outbox and records; only
/// its threads, its sockets and its Kafka are played.
final class SimulatedWorker {
  private static final int POLLED = 2_000;

  final String name;
  final WorkerLoop loop;
  final Set<TopicPartition> owned = new LinkedHashSet<>();
  private final SimulatedWorld world;
  private final SimulatedTime time;
  private final AttemptRunner runner;
  private final Set<Call> calls = new LinkedHashSet<>();
  private final Map<TopicPartition, Long> positions = new HashMap<>();
  private boolean alive = true;
  private boolean inCallback;
  private boolean polling;
  private long wakeAtMs = Long.MAX_VALUE;
  private int unsettled;

  SimulatedWorker(String name, SimulatedWorld world, DeliverySettings settings) {
    this.name = name;
    this.world = world;
    this.time = world.time;
    var kafka = world.kafka;
    var metrics = new WorkerMetrics(new SimpleMeterRegistry(), name);
    var outgoing = new OutgoingRecords(kafka.topics, kafka.ladder, kafka.serdes);
    this.runner =
        new AttemptRunner(new NoEgress(), outgoing, name, settings, metrics, Spans.NONE, time);
    this.loop =
        new WorkerLoop(
            settings,
            settling -> new Lanes(world.table, this::start, outgoing, settings, metrics, settling),
            this::commit,
            this::broken,
            time);
  }

  private static final class NoEgress implements Egress {
    @Override
    public Reply post(Post post) {
      throw new AssertionError("nothing is really sent");
    }

    @Override
    public void close() {}
  }

  boolean isAlive() {
    return alive;
  }

  // ---- attempts

  /// An attempt that ends when its time comes, or when it is interrupted.
  private final class Call extends Thread {
    final Received received;
    final Ticket ticket;
    final Lanes.Settling settling;
    boolean over;

    Call(Received received, Ticket ticket, Lanes.Settling settling) {
      this.received = received;
      this.ticket = ticket;
      this.settling = settling;
    }

    String subscription() {
      return received.delivery().getSubscriptionId();
    }

    boolean end() {
      if (over || !alive) {
        return false;
      }
      over = true;
      calls.remove(this);
      world.endpoints.ended(subscription());
      return true;
    }

    @Override
    public void interrupt() {
      if (end()) {
        world.books.cutOff(received.delivery().getDeliveryId());
        settling.finished(FinishedAttempt.cancelled(received, ticket));
        touch();
      }
    }
  }

  private Thread start(
      Received received, Subscription subscription, Ticket ticket, Lanes.Settling settling) {
    var delivery = received.delivery();
    world.books.begins(delivery, time.instant());
    var call = new Call(received, ticket, settling);
    calls.add(call);
    var startedAt = time.instant();
    var reaction = world.endpoints.post(call.subscription());
    time.after(
        reaction.afterMs(),
        () -> {
          if (call.end()) {
            world.books.ends(delivery.getDeliveryId());
            unsettled++;
            var post = runner.post(delivery, subscription);
            settling.finished(
                runner.judged(received, subscription, ticket, post, reaction.reply(), startedAt));
            touch();
          }
        });
    return call;
  }

  // ---- settlement

  private void commit(Transfer transfer) {
    int attempts = (int) transfer.records().stream().filter(this::isAttempt).count();
    time.after(
        time.between(5, 60),
        () -> {
          if (!alive) {
            return;
          }
          if (Objects.requireNonNull(transfer.group()).generationId() != world.group.generation()
              || !world.group.has(name)) {
            loop.result(new Settlement.Refused("the group has moved on"));
          } else if (world.brokenOneIn > 0 && time.oneIn(world.brokenOneIn)) {
            if (time.oneIn(2)) { // nobody knows: it may have committed
              unsettled -= attempts;
              world.kafka.settle(transfer);
            }
            loop.result(new Settlement.Broken(new IllegalStateException("nobody knows")));
          } else {
            unsettled -= attempts;
            loop.result(world.kafka.settle(transfer));
          }
          touch();
        });
  }

  private boolean isAttempt(ProducerRecord<byte[], byte[]> it) {
    return it.topic().equals(world.kafka.topics.attempts().name());
  }

  private void broken(Throwable cause) {
    if (cause instanceof AssertionError || !"nobody knows".equals(cause.getMessage())) {
      throw new AssertionError("the loop broke", cause);
    }
    time.after(0, () -> world.lose(this, time.between(500, 5_000)));
  }

  /// As by `kill -9`: everything in memory is gone, and so are the connections.
  void die() {
    for (var call : List.copyOf(calls)) {
      if (call.end()) {
        world.books.cutOff(call.received.delivery().getDeliveryId());
      }
    }
    for (int i = 0; i < unsettled; i++) {
      world.books.unsettled();
    }
    alive = false;
  }

  // ---- the group

  /// Runs in the poll that ends a rebalance, like a consumer's callbacks.
  void rebalanced(Set<TopicPartition> leaving, Duration drain, Runnable left) {
    loop.joined(world.group.member(name));
    owned.removeAll(leaving);
    inCallback = true;
    var departed = loop.depart(leaving, drain);
    var _ =
        departed.thenRun(() -> {
          if (inCallback && alive) {
            inCallback = false;
            time.after(0, left);
            poll();
          }
        });
    touch();
  }

  void assigned(Set<TopicPartition> added) {
    var committed = new HashMap<TopicPartition, OffsetAndMetadata>();
    for (var partition : added) {
      var offset = world.kafka.committed(partition);
      committed.put(partition, offset);
      positions.put(partition, offset.offset());
    }
    owned.addAll(added);
    loop.assigned(committed, world.group.member(name));
    poll();
    touch();
  }

  // ---- the pump

  void poll() {
    if (!polling && alive) {
      polling = true;
      time.after(time.between(1, 10), this::fetch);
    }
  }

  private void fetch() {
    polling = false;
    if (!alive || inCallback) {
      return;
    }
    boolean more = false;
    for (var partition : owned) {
      if (loop.held().contains(partition)) {
        more = true;
        continue;
      }
      more |= fetch(partition);
    }
    touch();
    if (more) {
      polling = true;
      time.after(20, this::fetch);
    }
  }

  private boolean fetch(TopicPartition partition) {
    var log = world.kafka.log(partition);
    int from = positions.getOrDefault(partition, 0L).intValue();
    int to = Math.min(log.size(), from + POLLED);
    var batch = new ArrayList<Received>();
    for (int at = from; at < to; at++) {
      var record = log.get(at).record();
      if (record != null) {
        var delivery = world.kafka.delivery(record.value());
        batch.add(
            new Received(
                partition,
                at,
                new String(record.key(), UTF_8),
                delivery,
                delivery.getCreatedAt(),
                record.value().length + Received.OVERHEAD));
      }
    }
    positions.put(partition, (long) to);
    loop.received(batch);
    return to < log.size();
  }

  /// Lets the loop do what is to be done, and comes back when it wants to.
  void touch() {
    wake(0);
  }

  private void wake(long inMs) {
    long at = time.nowMs() + inMs;
    if (at < wakeAtMs) {
      wakeAtMs = at;
      time.after(
          inMs,
          () -> {
            if (wakeAtMs == at && alive) {
              wakeAtMs = Long.MAX_VALUE;
              advance();
            }
          });
    }
  }

  private void advance() {
    long waitMs = loop.advance();
    boolean idle = waitMs >= 1_000 && loop.waiting() == 0 && !inCallback;
    if (!idle) {
      wake(Math.max(1, waitMs));
    }
  }
}

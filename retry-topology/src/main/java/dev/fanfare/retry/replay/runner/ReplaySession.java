package dev.fanfare.retry.replay.runner;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fanfare.retry.replay.Progress;
import dev.fanfare.retry.replay.RateCap;
import dev.fanfare.retry.replay.Redelivery;
import dev.fanfare.retry.replay.ReplayJob;
import dev.fanfare.retry.replay.ReplayRecords;
import dev.fanfare.retry.replay.ReplaySource;
import dev.fanfare.retry.replay.ReplayState;
import dev.fanfare.retry.replay.ReplayState.Planned;
import dev.fanfare.retry.replay.ReplayState.Running;
import dev.fanfare.retry.transfer.Settlement.Broken;
import dev.fanfare.retry.transfer.Settlement.Committed;
import dev.fanfare.retry.transfer.Settlement.Refused;
import dev.fanfare.retry.transfer.Transfer;
import dev.fanfare.retry.transfer.TransferProducer;
import dev.fanfare.schemas.avro.Delivery;
import dev.fanfare.schemas.avro.Replay;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One owner's work on one job. It ends when the job stands still or is over, when it is stopped,
/// or with the first thing that it can't repair; another session goes on from what is written.
///
/// **Exactly once.** Its producer's transactional id is the job's, so its first act fences whoever
/// had the job before and settles what that one left open. Only then does it read how far the job
/// is, up to the very end of the partition at that time: nobody but itself can have moved the job
/// since. What it releases and how far it is then are one transaction.
///
/// One thread runs it; [#stop] may be called by any.
final class ReplaySession {
  private static final Logger LOG = LoggerFactory.getLogger(ReplaySession.class);
  private static final Duration READ_WITHIN = Duration.ofSeconds(30);
  private static final Duration LOOK_EVERY = Duration.ofMillis(200);
  private static final Duration TELL_EVERY = Duration.ofSeconds(1);
  private static final Duration BATCH = Duration.ofMillis(100);
  private static final int LARGEST_BATCH = 1_000;

  private final String id;
  private final int partition;
  private final ReplayRunner.Parts parts;
  private final ReplayClients clients;
  private final Admin admin;
  private final ReplayMetrics metrics;
  private final TransferProducer transfers;
  private final Serializer<Delivery> deliveries;
  private final Serializer<Replay> replays;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Line line = new Line();
  private Instant told = Instant.MIN;
  private @Nullable ReplayJob job;

  ReplaySession(
      String id,
      int partition,
      ReplayRunner.Parts parts,
      ReplayClients clients,
      Admin admin,
      ReplayMetrics metrics) {
    this.id = id;
    this.partition = partition;
    this.parts = parts;
    this.clients = clients;
    this.admin = admin;
    this.metrics = metrics;
    this.transfers = clients.producer(id);
    this.deliveries = parts.serdes().serializer();
    this.replays = parts.serdes().serializer();
  }

  /// How it ended.
  sealed interface Ending {
    /// The job is over or stands still, as is written.
    record Settled() implements Ending {}

    record Stopped() implements Ending {}

    /// To be tried again.
    record Troubled(Exception cause) implements Ending {}
  }

  /// Thrown by the session to itself to leave what it is in.
  private static final class Unsettled extends RuntimeException {
    Unsettled(Exception cause) {
      super(cause);
    }
  }

  Ending run() {
    try {
      return work();
    } catch (Unsettled e) {
      return troubled(e.getCause() instanceof Exception cause ? cause : e);
    } catch (Surroundings.Unavailable e) {
      tell(e);
      return troubled(e);
    } catch (KafkaException e) {
      return troubled(e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return new Ending.Stopped();
    } finally {
      transfers.close();
      deliveries.close();
      replays.close();
    }
  }

  private Ending troubled(Exception cause) {
    return isStopping() ? new Ending.Stopped() : new Ending.Troubled(cause);
  }

  private Ending work() throws InterruptedException {
    var unusable = transfers.prepare();
    if (unusable.isPresent()) {
      return troubled(unusable.get().cause());
    }
    job = read();
    if (heed()) {
      return new Ending.Settled();
    }
    if (!job().picked().isEmpty()) {
      releasePicked();
      return new Ending.Settled();
    }
    try (var selection =
        new Selection(job(), clients, parts.topics(), parts.serdes(), parts.surroundings())) {
      if (!begin(selection)) {
        return standing();
      }
      release(selection);
      return standing();
    }
  }

  private Ending standing() {
    return heed() ? new Ending.Settled() : new Ending.Stopped();
  }

  /// How far the job is, now that nobody else can move it.
  private ReplayJob read() throws InterruptedException {
    var head =
        ReplayClients.head(admin, new TopicPartition(parts.topics().replays().name(), partition));
    if (head.isEmpty() || !parts.board().awaitPosition(partition, head.getAsLong(), READ_WITHIN)) {
      throw new Unsettled(new IllegalStateException("the job's progress can't be read"));
    }
    return parts
        .board()
        .find(id)
        .orElseThrow(() -> new Unsettled(new IllegalStateException("the job is gone")));
  }

  /// Does what people have asked for.
  ///
  /// @return whether there is nothing to do for now
  private boolean heed() {
    var state = job().state();
    var next = state.heed(parts.board().orders(id));
    if (!next.equals(state)) {
      LOG.info("the replay {} is {} now", id, next.word());
      commit(List.of(), job().in(next, now()));
    }
    return next.isOver() || next instanceof ReplayState.Paused;
  }

  /// Counts what there is, or learns again what has been done.
  ///
  /// @return whether it can go on
  private boolean begin(Selection selection) {
    switch (job().state()) {
      case Planned planned -> {
        if (isBackfillOfNobody()) {
          commit(
              List.of(), job().in(planned.fail("the subscription is deleted or disabled"), now()));
          return false;
        }
        var bounds = selection.bounds();
        var total = selection.count(bounds, this::mayGoOn);
        if (total.isEmpty()) {
          return false;
        }
        var progress =
            Progress.begin(total.getAsLong(), selection.repeats(), bounds.starts(), bounds.ends());
        LOG.info("the replay {} begins: {} deliveries", id, total.getAsLong());
        commit(List.of(), job().in(planned.start(progress), now()));
      }
      case Running(Progress progress) when progress.repeats() > 0 -> {
        LOG.info("the replay {} goes on, {} released so far", id, progress.released());
        if (!selection.recall(
            progress.starts(), progress.positions(), progress.ends(), this::mayGoOn)) {
          return false;
        }
      }
      case Running(Progress progress) ->
          LOG.info("the replay {} goes on, {} released so far", id, progress.released());
      default -> throw new IllegalStateException("nothing to do in " + job().state());
    }
    var progress = job().state().progress();
    selection.seek(progress.positions(), progress.ends());
    return true;
  }

  private boolean isBackfillOfNobody() {
    return job().source() == ReplaySource.EVENTS
        && job().filter().subscription().filter(parts.surroundings().recipients()::takes).isEmpty();
  }

  private boolean mayGoOn() {
    var state = job().state();
    return !isStopping() && state.heed(parts.board().orders(id)).equals(state);
  }

  private void release(Selection selection) throws InterruptedException {
    double rate = job().rate().orElse(parts.settings().rate());
    int batch = (int) Math.clamp(rate * BATCH.toMillis() / 1_000, 1, LARGEST_BATCH);
    var cap = RateCap.of(rate, now());
    while (mayGoOn()) {
      fill(selection, batch);
      cap = cap.at(now());
      int ready = Math.min(line.selected(), batch);
      var wait = cap.until(ready);
      if (ready > 0 && wait.isPositive()) {
        sleep(wait);
        continue;
      }
      if (ready > 0 || selection.isDone() || isTimeToTell()) {
        var portion = line.take(Math.min(cap.permits(), LARGEST_BATCH), this::takes);
        move(portion, selection.takeLost());
        cap = cap.take(portion.deliveries().size());
      }
      if (job().state().isOver()) {
        return;
      }
    }
  }

  /// Reads on while little waits.
  private void fill(Selection selection, int batch) {
    if (line.selected() < 2 * batch && !line.isFull() && !selection.isDone()) {
      line.add(selection.poll(line.selected() >= batch ? Duration.ZERO : LOOK_EVERY));
    }
  }

  private boolean takes(Delivery delivery) {
    return parts.surroundings().recipients().takes(delivery.getSubscriptionId());
  }

  private boolean isTimeToTell() {
    return !now().isBefore(told.plus(TELL_EVERY));
  }

  private void move(Line.Portion portion, long lost) {
    var running = running();
    var progress =
        running
            .progress()
            .moved(portion.deliveries().size(), portion.skipped(), portion.reached())
            .lost(lost);
    commit(portion.deliveries(), job().in(further(running, progress), now()));
    metrics.moved(portion.deliveries().size(), portion.skipped());
  }

  private static ReplayState further(Running running, Progress progress) {
    var moved = running.moved(progress);
    return progress.complete() ? moved.finish() : moved;
  }

  private void releasePicked() {
    var all = job().picked();
    var some = all.stream().filter(this::takes).toList();
    var running =
        job().state() instanceof Planned planned
            ? planned.start(Progress.begin(all.size()))
            : running();
    var progress = running.progress().moved(some.size(), all.size() - some.size(), Map.of());
    commit(some, job().in(further(running, progress), now()));
    metrics.moved(some.size(), all.size() - some.size());
  }

  private Running running() {
    return job().state() instanceof Running running
        ? running
        : throwing("not running: " + job().state());
  }

  private static Running throwing(String what) {
    throw new IllegalStateException(what);
  }

  /// Releases deliveries and writes the job, or neither.
  private void commit(List<Delivery> origins, ReplayJob next) {
    var records = new ArrayList<ProducerRecord<byte[], byte[]>>(origins.size() + 1);
    for (var origin : origins) {
      records.add(released(origin));
    }
    var topic = parts.topics().replays().name();
    records.add(
        new ProducerRecord<>(
            topic,
            partition,
            id.getBytes(UTF_8),
            replays.serialize(topic, ReplayRecords.record(next))));
    switch (transfers.commit(Transfer.of(records))) {
      case Committed _ -> {
        job = next;
        told = now();
      }
      case Refused(String why) -> throw new IllegalStateException("no offsets to refuse: " + why);
      case Broken(Exception cause) -> throw new Unsettled(cause);
    }
  }

  private ProducerRecord<byte[], byte[]> released(Delivery origin) {
    var lifetime = parts.settings().lifetime();
    var made =
        job().source() == ReplaySource.EVENTS
            ? Redelivery.first(origin, id, now(), lifetime)
            : Redelivery.again(origin, id, now(), lifetime);
    var topic = parts.topics().deliveries().name();
    return new ProducerRecord<>(
        topic, made.getSubscriptionId().getBytes(UTF_8), deliveries.serialize(topic, made));
  }

  /// Lets people see what the job waits for.
  private void tell(Surroundings.Unavailable trouble) {
    var current = job;
    var what = String.valueOf(trouble.getMessage());
    if (current == null || current.error().filter(what::equals).isPresent()) {
      return;
    }
    try {
      commit(List.of(), current.heldUpBy(what, now()));
    } catch (Unsettled e) {
      LOG.info("it can't be written either what holds up {}: {}", id, e.toString());
    }
  }

  private ReplayJob job() {
    if (job == null) {
      throw new IllegalStateException("not read yet");
    }
    return job;
  }

  private Instant now() {
    return parts.clock().instant();
  }

  private boolean isStopping() {
    return stopping.getCount() == 0;
  }

  private void sleep(Duration time) throws InterruptedException {
    var slice = time.compareTo(LOOK_EVERY) < 0 ? time : LOOK_EVERY;
    var _ = stopping.await(slice.toNanos(), TimeUnit.NANOSECONDS);
  }

  /// Asks it to end after the transaction under way.
  void stop() {
    stopping.countDown();
    if (!transfers.healthy()) {
      transfers.close();
    }
  }
}

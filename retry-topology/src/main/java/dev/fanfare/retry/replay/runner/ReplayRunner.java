package dev.fanfare.retry.replay.runner;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fanfare.retry.replay.ReplayJob;
import dev.fanfare.retry.replay.ReplayKey;
import dev.fanfare.retry.replay.ReplayState;
import dev.fanfare.retry.replay.runner.ReplayBoard.Noted;
import dev.fanfare.retry.transfer.Settlement;
import dev.fanfare.retry.transfer.Transfer;
import dev.fanfare.schemas.serde.AvroSerdes;
import dev.fanfare.schemas.topic.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs the replays that are this process's: those whose record stands on a partition of
/// `fanfare.replays` that its group has given it. Who has a job is only a matter of who tries; that
/// no two move it is up to [ReplaySession].
///
/// Thread-safe.
public final class ReplayRunner implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ReplayRunner.class);
  private static final Duration LOOK_EVERY = Duration.ofMillis(200);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final Duration LET_GO_WITHIN = Duration.ofSeconds(5);
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(15);
  private static final Duration FORGET_EVERY = Duration.ofMinutes(10);

  private final Parts parts;
  private final ReplayClients clients;
  private final ReplayMetrics metrics;
  private final Thread thread;
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile @Nullable String trouble = "joining its group";

  // Of the runner's own thread.
  private final Map<String, Work> works = new HashMap<>();
  private final Set<Integer> assigned = new HashSet<>();
  private Instant nextForgetting;

  /// What it is made of and works with.
  ///
  /// @param kafkaClientProperties for all kinds of clients: bootstrap servers, security
  /// @param board outlives the runner
  public record Parts(
      Map<String, Object> kafkaClientProperties,
      Topics topics,
      AvroSerdes serdes,
      ReplayBoard board,
      Surroundings surroundings,
      ReplaySettings settings,
      MeterRegistry meters,
      InstantSource clock) {}

  /// One job that is ours: its session, and when it may have another one.
  private static final class Work {
    @Nullable ReplaySession session;
    @Nullable Thread thread;
    volatile ReplaySession.@Nullable Ending ending;
    Duration pause = FIRST_PAUSE;
    Instant next = Instant.MIN;

    boolean isRunning() {
      return thread != null && thread.isAlive();
    }
  }

  private ReplayRunner(Parts parts) {
    this.parts = parts;
    this.clients =
        new ReplayClients(
            parts.kafkaClientProperties(), parts.topics(), parts.settings().instance());
    this.metrics = new ReplayMetrics(parts.meters());
    this.nextForgetting = parts.clock().instant();
    this.thread = Thread.ofPlatform().name("fanfare-replays").unstarted(this::run);
  }

  /// Returns at once; [#trouble] is empty when it has joined its group.
  public static ReplayRunner start(Parts parts) {
    var runner = new ReplayRunner(parts);
    runner.thread.start();
    return runner;
  }

  /// What keeps it from running replays.
  public Optional<String> trouble() {
    return thread.isAlive() ? Optional.ofNullable(trouble) : Optional.of("its thread has ended");
  }

  private void run() {
    while (isOpen()) {
      try (var admin = clients.admin()) {
        membership(admin);
      } catch (RuntimeException e) {
        LOG.warn("running replays fails and is started again", e);
        trouble = e.toString();
        pauseAWhile();
      }
    }
  }

  /// One membership in the group, until closed or broken.
  private void membership(Admin admin) {
    var member = clients.member();
    try {
      var topic = parts.topics().replays().name();
      member.subscribe(List.of(topic), new Listener(member));
      while (isOpen()) {
        var _ = member.poll(LOOK_EVERY);
        look(admin);
      }
    } catch (WakeupException _) {
      LOG.debug("woken to close");
    } finally {
      letGo(works.keySet(), LET_GO_WITHIN);
      assigned.clear();
      member.close(CloseOptions.timeout(LET_GO_WITHIN));
    }
  }

  /// Its partitions are never read, only had.
  private final class Listener implements ConsumerRebalanceListener {
    private final Consumer<byte[], byte[]> member;

    Listener(Consumer<byte[], byte[]> member) {
      this.member = member;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> added) {
      member.pause(member.assignment());
      added.forEach(partition -> assigned.add(partition.partition()));
      trouble = null;
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> gone) {
      letGo(gone, LET_GO_WITHIN);
    }

    /// Others have them already, and fence what is still under way here.
    @Override
    public void onPartitionsLost(Collection<TopicPartition> gone) {
      letGo(gone, Duration.ZERO);
    }

    private void letGo(Collection<TopicPartition> gone, Duration within) {
      gone.forEach(partition -> assigned.remove(partition.partition()));
      ReplayRunner.this.letGo(works.keySet().stream().filter(id -> !isOurs(id)).toList(), within);
    }
  }

  private boolean isOurs(String id) {
    return parts.board().noted(id).filter(it -> assigned.contains(it.partition())).isPresent();
  }

  private void letGo(Collection<String> ids, Duration within) {
    var gone = List.copyOf(ids);
    gone.forEach(id -> stop(works.get(id)));
    long deadline = System.nanoTime() + within.toNanos();
    for (var id : gone) {
      var work = works.remove(id);
      if (work != null && work.thread != null) {
        join(work.thread, Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
      }
    }
    metrics.running(running());
  }

  private static void stop(@Nullable Work work) {
    if (work != null && work.session != null) {
      work.session.stop();
    }
  }

  private static void join(Thread thread, Duration within) {
    try {
      if (!thread.join(within)) {
        LOG.info("{} ends later; whoever has its job now fences it", thread.getName());
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void look(Admin admin) {
    works.values().forEach(this::reap);
    letGo(works.keySet().stream().filter(id -> !isOurs(id)).toList(), LET_GO_WITHIN);
    var now = parts.clock().instant();
    var due =
        parts.board().noted().stream()
            .filter(it -> assigned.contains(it.partition()) && needsWork(it.job()))
            .sorted(Comparator.comparing(it -> it.job().createdAt()))
            .toList();
    for (var noted : due) {
      var work = works.computeIfAbsent(noted.job().id(), _ -> new Work());
      if (running() < parts.settings().jobs() && !work.isRunning() && !now.isBefore(work.next)) {
        begin(work, noted, admin);
      }
    }
    metrics.running(running());
    if (!now.isBefore(nextForgetting)) {
      nextForgetting = now.plus(FORGET_EVERY);
      forget(now);
    }
  }

  /// Paused ones need a look only when somebody asks for something else.
  private boolean needsWork(ReplayJob job) {
    var state = job.state();
    boolean still = state.isOver() || state instanceof ReplayState.Paused;
    return !still || !state.heed(parts.board().orders(job.id())).equals(state);
  }

  private int running() {
    return (int) works.values().stream().filter(Work::isRunning).count();
  }

  private void begin(Work work, Noted noted, Admin admin) {
    var session =
        new ReplaySession(noted.job().id(), noted.partition(), parts, clients, admin, metrics);
    work.session = session;
    work.thread =
        Thread.ofPlatform()
            .name("replay-" + noted.job().id())
            .start(() -> work.ending = endingOf(session, noted.job().id()));
  }

  /// A bug must not end in silence either.
  private static ReplaySession.Ending endingOf(ReplaySession session, String id) {
    try {
      return session.run();
    } catch (RuntimeException e) {
      LOG.error("a fault of ours in the replay {}", id, e);
      return new ReplaySession.Ending.Troubled(e);
    }
  }

  /// Takes note of how a session ended.
  private void reap(Work work) {
    var ending = work.ending;
    if (ending == null || work.isRunning()) {
      return;
    }
    work.ending = null;
    work.session = null;
    work.thread = null;
    var now = parts.clock().instant();
    switch (ending) {
      case ReplaySession.Ending.Troubled(Exception cause) -> {
        metrics.failed();
        LOG.warn("a replay is interrupted and tried again in {}: {}", work.pause, cause.toString());
        LOG.debug("why", cause);
        work.next = now.plus(work.pause);
        var longer = work.pause.multipliedBy(2);
        work.pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
      }
      case ReplaySession.Ending.Settled _, ReplaySession.Ending.Stopped _ -> {
        work.next = now.plus(LOOK_EVERY); // the board needs a moment to see what was written
        work.pause = FIRST_PAUSE;
      }
    }
  }

  /// Removes jobs that have been over for long.
  private void forget(Instant now) {
    var before = now.minus(parts.settings().keep());
    var records = new ArrayList<ProducerRecord<byte[], byte[]>>();
    var topic = parts.topics().replays().name();
    for (var noted : parts.board().noted()) {
      var job = noted.job();
      if (assigned.contains(noted.partition())
          && job.state().isOver()
          && job.updatedAt().isBefore(before)) {
        records.add(new ProducerRecord<>(topic, noted.partition(), job.id().getBytes(UTF_8), null));
        for (var key : List.of(new ReplayKey.OfHold(job.id()), new ReplayKey.OfCancel(job.id()))) {
          records.add(new ProducerRecord<>(topic, key.text().getBytes(UTF_8), null));
        }
      }
    }
    if (records.isEmpty()) {
      return;
    }
    try (var producer = clients.producer("forget-" + parts.settings().instance())) {
      var settled = producer.commit(Transfer.of(records));
      if (!(settled instanceof Settlement.Committed)) {
        LOG.warn("jobs that are over could not be removed, later again: {}", settled);
      }
    }
  }

  private boolean isOpen() {
    return closing.getCount() > 0;
  }

  private void pauseAWhile() {
    try {
      var _ = closing.await(FIRST_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts the runner's thread", e);
    }
  }

  /// Lets the transactions under way end, and leaves the group.
  @Override
  public void close() {
    closing.countDown();
    join(thread, CLOSE_WITHIN);
    metrics.close();
  }
}

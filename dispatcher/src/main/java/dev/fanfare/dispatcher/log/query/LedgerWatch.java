package dev.fanfare.dispatcher.log.query;

import dev.fanfare.dispatcher.log.ledger.Cut;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Balances the ledger of the partitions that this process keeps up to date, again and again:
///
/// ```
/// cut: how far worker and relay have committed, what the topics hold
///   ─▶ wait until the log has read all that the topics held then
///   ─▶ look through what is open
/// ```
///
/// One thread; the results may be asked for by any.
final class LedgerWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LedgerWatch.class);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

  /// A look through very many takes this part of the time at most.
  private static final int SHARE = 10;

  private final Shelves shelves;
  private final Progress progress;
  private final Duration every;
  private final InstantSource clock;
  private final Map<Integer, Balance> balances = new ConcurrentHashMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;

  private LedgerWatch(Shelves shelves, Progress progress, Duration every, InstantSource clock) {
    this.shelves = shelves;
    this.progress = progress;
    this.every = every;
    this.clock = clock;
    this.thread = Thread.ofPlatform().name("log-ledger").daemon().unstarted(this::run);
  }

  static LedgerWatch start(
      Shelves shelves, Progress progress, Duration every, InstantSource clock) {
    var watch = new LedgerWatch(shelves, progress, every, clock);
    watch.thread.start();
    return watch;
  }

  /// The last balance of a partition that is still this process's.
  Optional<Balance> of(int partition) {
    return Optional.ofNullable(balances.get(partition));
  }

  long unaccounted() {
    return balances.values().stream().mapToLong(Balance::unaccounted).sum();
  }

  /// Of the oldest balance; -1 when there is none.
  double ageSeconds() {
    return balances.values().stream().mapToLong(Balance::at).min().stream()
        .mapToDouble(at -> (clock.millis() - at) / 1_000.0)
        .findFirst()
        .orElse(-1);
  }

  private void run() {
    while (!isClosed(Duration.ZERO)) {
      long began = System.nanoTime();
      long looked = 0;
      try {
        looked = balance();
      } catch (KafkaException | IllegalStateException e) {
        LOG.warn("the ledger could not be balanced, it is tried again: {}", e.toString());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      long took = System.nanoTime() - began;
      var rest = Duration.ofNanos(Math.max(every.toNanos() - took, looked * SHARE));
      if (isClosed(rest)) {
        return;
      }
    }
  }

  /// Returns how long it looked, in nanoseconds.
  private long balance() throws InterruptedException {
    var ours = new HashSet<>(shelves.active());
    balances.keySet().retainAll(ours);
    if (ours.isEmpty()) {
      return 0;
    }
    var mark = progress.mark(ours, clock.millis());
    var left = new HashSet<>(ours);
    long looked = 0;
    while (!left.isEmpty() && !isClosed(Duration.ZERO)) {
      var reached = progress.reached(mark, left);
      long began = System.nanoTime();
      for (int partition : reached) {
        look(partition, mark.cuts());
      }
      looked += System.nanoTime() - began;
      left.removeAll(reached);
      left.retainAll(shelves.active());
      if (!left.isEmpty() && isClosed(BETWEEN_LOOKS)) {
        break;
      }
    }
    return looked;
  }

  private void look(int partition, Map<Integer, Cut> cuts) {
    var cut = cuts.get(partition);
    var shelf = shelves.live(partition);
    if (cut == null || shelf.isEmpty()) {
      return;
    }
    var complete = Balancing.sums(shelf.get()).fromStart();
    var balance =
        Balancing.of(shelf.get(), new Cut(cut.at(), cut.deliveries(), cut.rungs(), complete));
    var before = balances.put(partition, balance);
    if (balance.unaccounted() > 0
        && (before == null || before.unaccounted() != balance.unaccounted())) {
      LOG.error(
          "{} deliveries of partition {} are unaccounted for; `fanfare ledger` lists them",
          balance.unaccounted(),
          partition);
    }
  }

  private boolean isClosed(Duration within) {
    try {
      return closed.await(within.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  @Override
  public void close() {
    closed.countDown();
    thread.interrupt();
    try {
      var _ = thread.join(Duration.ofSeconds(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

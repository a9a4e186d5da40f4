package dev.fanfare.dispatcher.log.query;

import dev.fanfare.dispatcher.log.ledger.Cut;
import dev.fanfare.dispatcher.log.topology.Tenures;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
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
/// A partition has caught up here when the first balance since it came here has got so far. One
/// thread; the results may be asked for by any.
final class LedgerWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LedgerWatch.class);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

  /// A look through very many takes this part of the time at most.
  private static final int SHARE = 10;

  private final Shelves shelves;
  private final Tenures tenures;
  private final Progress progress;
  private final Duration every;
  private final InstantSource clock;
  private final Map<Integer, Long> caughtUp = new ConcurrentHashMap<>();
  private final Map<Integer, Balanced> balances = new ConcurrentHashMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;

  private record Balanced(long tenure, Balance balance) {}

  private LedgerWatch(
      Shelves shelves, Tenures tenures, Progress progress, Duration every, InstantSource clock) {
    this.shelves = shelves;
    this.tenures = tenures;
    this.progress = progress;
    this.every = every;
    this.clock = clock;
    this.thread = Thread.ofPlatform().name("log-ledger").daemon().unstarted(this::run);
  }

  /// @param tenures of which partitions
  static LedgerWatch start(
      Shelves shelves, Tenures tenures, Progress progress, Duration every, InstantSource clock) {
    var watch = new LedgerWatch(shelves, tenures, progress, every, clock);
    watch.thread.start();
    return watch;
  }

  /// The last balance of a partition that is still this process's.
  Optional<Balance> balance(int partition) {
    var known = balances.get(partition);
    return known != null && tenures.of(partition).equals(OptionalLong.of(known.tenure()))
        ? Optional.of(known.balance())
        : Optional.empty();
  }

  /// Whether all has been read in that tenure that the topics held when it began.
  boolean hasCaughtUp(int partition, long tenure) {
    return Long.valueOf(tenure).equals(caughtUp.get(partition));
  }

  long unaccounted() {
    return balances().mapToLong(Balance::unaccounted).sum();
  }

  private Stream<Balance> balances() {
    return tenures.held().keySet().stream().flatMap(each -> balance(each).stream());
  }

  /// Of the oldest balance; -1 when there is none.
  double ageSeconds() {
    return balances().mapToLong(Balance::at).min().stream()
        .mapToDouble(at -> (clock.millis() - at) / 1_000.0)
        .findFirst()
        .orElse(-1);
  }

  private void run() {
    while (!isClosed(Duration.ZERO)) {
      long began = System.nanoTime();
      long last = tenures.last();
      long looked = 0;
      try {
        looked = balance(last);
      } catch (KafkaException | IllegalStateException e) {
        LOG.warn("the ledger could not be balanced, it is tried again: {}", e.toString());
        if (isClosed(AFTER_FAILURE)) {
          return;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      long took = System.nanoTime() - began;
      rest(last, Duration.ofNanos(Math.max(every.toNanos() - took, looked * SHARE)));
    }
  }

  /// Shorter when a partition comes that has to catch up.
  private void rest(long last, Duration atMost) {
    try {
      tenures.awaitAfter(last, atMost);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  /// Returns how long it looked, in nanoseconds.
  ///
  /// @param last the tenure that was the last to begin: when another one begins, it ends early
  private long balance(long last) throws InterruptedException {
    var ours = tenures.held();
    caughtUp.keySet().retainAll(ours.keySet());
    balances.keySet().retainAll(ours.keySet());
    if (ours.isEmpty()) {
      return 0;
    }
    var mark = progress.mark(ours.keySet(), clock.millis());
    var left = new HashMap<>(ours);
    long looked = 0;
    while (!left.isEmpty() && tenures.last() == last && !isClosed(Duration.ZERO)) {
      var reached = new HashMap<>(left);
      reached.keySet().retainAll(progress.reached(mark, left.keySet()));
      caughtUp.putAll(reached);
      long began = System.nanoTime();
      reached.forEach((partition, tenure) -> {
        if (look(partition, tenure, mark.cuts())) {
          left.remove(partition);
        }
      });
      looked += System.nanoTime() - began;
      left.entrySet().retainAll(tenures.held().entrySet());
      if (!left.isEmpty()) {
        rest(last, BETWEEN_LOOKS);
      }
    }
    return looked;
  }

  /// False when the partition can't be read at the moment.
  private boolean look(int partition, long tenure, Map<Integer, Cut> cuts) {
    var cut = cuts.get(partition);
    var shelf = shelves.live(partition);
    if (cut == null || shelf.isEmpty()) {
      return false;
    }
    try {
      var complete = Balancing.sums(shelf.get()).fromStart();
      keep(
          partition,
          tenure,
          Balancing.of(shelf.get(), new Cut(cut.at(), cut.deliveries(), cut.rungs(), complete)));
      return true;
    } catch (InvalidStateStoreException e) {
      return false; // its thread takes part in a rebalance
    }
  }

  private void keep(int partition, long tenure, Balance balance) {
    var before = balances.put(partition, new Balanced(tenure, balance));
    if (balance.unaccounted() > 0
        && (before == null || before.balance().unaccounted() != balance.unaccounted())) {
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

package dev.fanfare.dispatcher.fanout;

import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.REPLACE_THREAD;
import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.SHUTDOWN_CLIENT;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What follows when a thread of fan-out fails: its transaction is aborted, it is replaced, and the
/// next try waits, each time longer.
///
/// The wait is made where no transaction is open, since an open one holds back every reader of
/// committed deliveries: by the new thread before its first record. Only when no record was reached
/// since the last failure (no topic, no permission) the failing thread waits itself.
final class Recovery implements StreamsUncaughtExceptionHandler, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  /// A failure so long after the last one is a new story, and the last one's trouble is over.
  private static final Duration FORGOTTEN_AFTER = Duration.ofSeconds(15);

  private record Failure(String what, Instant at, Duration pause) {
    boolean isRecent(Instant now) {
      return now.isBefore(at.plus(FORGOTTEN_AFTER));
    }
  }

  private final FanoutMetrics metrics;
  private final InstantSource clock;
  private final CountDownLatch closed = new CountDownLatch(1);
  private @Nullable Failure last;
  private boolean reachedRecords;

  Recovery(FanoutMetrics metrics, InstantSource clock) {
    this.metrics = metrics;
    this.clock = clock;
  }

  @Override
  public StreamThreadExceptionResponse handle(Throwable thrown) {
    metrics.failed();
    if (thrown instanceof Error) {
      // E.g. out of memory: the process is no longer sound. Readiness shows it.
      LOG.error("fan-out stops", thrown);
      failed(thrown);
      return SHUTDOWN_CLIENT;
    }
    LOG.error("a thread of fan-out failed and is replaced", thrown);
    if (failed(thrown)) {
      pause();
    }
    return REPLACE_THREAD;
  }

  /// Returns whether the failing thread is to wait.
  private synchronized boolean failed(Throwable thrown) {
    var now = clock.instant();
    var before = last;
    var pause = FIRST_PAUSE;
    if (before != null && before.isRecent(now)) {
      pause = before.pause().multipliedBy(2);
      pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }
    last = new Failure(rootMessage(thrown), now, pause);
    boolean wait = !reachedRecords;
    reachedRecords = false;
    return wait;
  }

  /// Called by a thread that is about to get records: returns when it may begin.
  void awaitTurn() {
    synchronized (this) {
      reachedRecords = true;
    }
    pause();
  }

  private void pause() {
    pause(untilTurn());
  }

  /// How long the next try has to wait from now on; zero or less for not at all.
  synchronized Duration untilTurn() {
    return last == null
        ? Duration.ZERO
        : Duration.between(clock.instant(), last.at().plus(last.pause()));
  }

  /// Waits, or returns earlier when fan-out is closed.
  void pause(Duration time) {
    if (!time.isPositive()) {
      return;
    }
    try {
      var _ = closed.await(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// What went wrong in the last seconds.
  synchronized Optional<String> trouble() {
    return Optional.ofNullable(last)
        .filter(failure -> failure.isRecent(clock.instant()))
        .map(Failure::what);
  }

  private static String rootMessage(Throwable thrown) {
    var root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getClass().getSimpleName() + ": " + root.getMessage();
  }

  @Override
  public void close() {
    closed.countDown();
  }
}

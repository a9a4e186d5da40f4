package dev.fanfare.retry.relay;

import dev.fanfare.retry.ladder.DelayLadder;
import dev.fanfare.schemas.topic.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Consumes all rungs and forwards what is due, on a thread of its own, until closed. All relays of
/// a cluster are one consumer group, so each partition is one relay's.
///
/// Whatever goes wrong (not authorised, a topic missing, a fenced producer) is logged once, shown
/// in [#health] and tried again with new clients and growing pauses; the thread ends by [#close]
/// only.
///
/// Thread-safe.
public final class DelayRelay implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DelayRelay.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final Duration COMPLAIN_EVERY = Duration.ofMinutes(5);

  private final RelaySettings settings;
  private final RelayClients clients;
  private final Topics topics;
  private final DelayLadder ladder;
  private final RelayMetrics metrics;
  private final InstantSource clock = InstantSource.system();
  private final Thread thread;
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile @Nullable RelaySession session;
  private volatile RelayHealth.@Nullable Failed failure;
  private volatile boolean closed;

  // Of the relay's own thread.
  private boolean complained;
  private String lastReason = "";
  private Instant lastComplaint = Instant.EPOCH;

  private DelayRelay(
      RelaySettings settings,
      Map<String, Object> kafkaClientProperties,
      Topics topics,
      DelayLadder ladder,
      MeterRegistry meters) {
    this.settings = settings;
    this.clients = new RelayClients(kafkaClientProperties, settings, topics);
    this.topics = topics;
    this.ladder = ladder;
    this.metrics = new RelayMetrics(meters, ladder, clock);
    this.thread = Thread.ofPlatform().name("fanfare-relay").unstarted(this::run);
  }

  /// Returns at once; [#health] tells when it has joined its group.
  ///
  /// @param kafkaClientProperties for the consumer and the producer: bootstrap servers, security
  /// @param topics whose `retry` and `deliveries` it reads and writes; they must exist
  public static DelayRelay start(
      RelaySettings settings,
      Map<String, Object> kafkaClientProperties,
      Topics topics,
      DelayLadder ladder,
      MeterRegistry meters) {
    var relay = new DelayRelay(settings, kafkaClientProperties, topics, ladder, meters);
    relay.thread.start();
    return relay;
  }

  public RelayHealth health() {
    if (closed) {
      return new RelayHealth.Closed();
    }
    if (!thread.isAlive()) {
      return new RelayHealth.Failed("its thread has died", clock.instant());
    }
    var current = session;
    var state = current == null ? Optional.<RelayHealth>empty() : current.state();
    var last = failure;
    return state.orElseGet(() -> last == null ? new RelayHealth.Starting() : last);
  }

  private void run() {
    var pause = FIRST_PAUSE;
    while (!isClosing()) {
      var began = clock.instant();
      runSession();
      boolean lasted = began.plus(LONGEST_PAUSE).isBefore(clock.instant());
      pause = lasted ? FIRST_PAUSE : pause;
      if (!sleep(pause)) {
        break;
      }
      pause =
          pause.compareTo(LONGEST_PAUSE.dividedBy(2)) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
    }
  }

  private void runSession() {
    RelaySession own = null;
    try {
      own = new RelaySession(settings, clients, topics, ladder, metrics, this::joined);
      session = own;
      if (isClosing()) {
        own.stop();
      }
      own.run().ifPresent(this::failed);
    } catch (RuntimeException e) {
      failed(e); // a bug, or a configuration that Kafka refuses: visible, and tried again
    } finally {
      session = null;
      if (own != null) {
        leave(own);
      }
    }
  }

  private static void leave(RelaySession own) {
    try {
      own.close();
    } catch (RuntimeException e) {
      LOG.info("could not leave the group, it will notice by itself: {}", e.toString());
    }
  }

  private void joined() {
    var last = failure;
    if (last != null && complained) {
      complained = false;
      LOG.info("the relay works again; it failed since {}", last.since());
    }
    failure = null;
  }

  private void failed(Exception cause) {
    var now = clock.instant();
    var reason = cause.toString();
    if (!reason.equals(lastReason) || lastComplaint.plus(COMPLAIN_EVERY).isBefore(now)) {
      LOG.warn("the relay fails and is started again until it works", cause);
      complained = true;
      lastReason = reason;
      lastComplaint = now;
    } else {
      LOG.debug("the relay fails as before", cause);
    }
    var last = failure;
    failure = new RelayHealth.Failed(reason, last == null ? now : last.since());
  }

  private boolean isClosing() {
    return closing.getCount() == 0;
  }

  /// False when it is time to end.
  private boolean sleep(Duration pause) {
    try {
      return !closing.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      return !isClosing(); // close() interrupts, and nobody else has this thread
    }
  }

  /// Finishes the transfer under way, or gives up on it after half of the time allowed, leaves the
  /// group and ends the thread.
  @Override
  public void close() {
    closing.countDown();
    var own = session;
    if (own != null) {
      own.stop();
    }
    try {
      var half = settings.closeTimeout().dividedBy(2);
      if (!thread.join(half)) {
        own = session;
        if (own != null) {
          own.abandon();
        }
        if (!thread.join(half)) {
          LOG.warn("the relay did not end within {}", settings.closeTimeout());
          thread.interrupt();
        }
      }
    } catch (InterruptedException _) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
    closed = true;
    metrics.close();
  }
}

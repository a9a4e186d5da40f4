package dev.fanfare.dispatcher.delivery.worker;

import dev.fanfare.dispatcher.egress.Egress;
import dev.fanfare.dispatcher.subscription.feed.SubscriptionTable;
import dev.fanfare.dispatcher.telemetry.Spans;
import dev.fanfare.retry.ladder.DelayLadder;
import dev.fanfare.schemas.serde.AvroSerdes;
import dev.fanfare.schemas.topic.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One worker: it owns the deliveries of its partitions from Kafka to their settlement.
///
/// All its state follows from Kafka, so whatever breaks ends the same way: it drops what it has in
/// memory, and a new session starts from the committed offsets. The only thing that can then be
/// repeated is a POST that was made and not yet settled, with the same `webhook-id`.
public final class DeliveryWorker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DeliveryWorker.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

  private final Parts parts;
  private final WorkerHealth health = new WorkerHealth();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;

  /// What every session of a worker is made of.
  ///
  /// @param name of the worker; unique among all that are alive, since it fences its own past
  /// @param consumer properties of the consumer, `bootstrap.servers` among them
  /// @param producer likewise
  public record Parts(
      String name,
      Map<String, Object> consumer,
      Map<String, Object> producer,
      Topics topics,
      DelayLadder ladder,
      AvroSerdes serdes,
      SubscriptionTable table,
      Egress egress,
      DeliverySettings settings,
      MeterRegistry meters,
      Spans spans,
      InstantSource clock) {}

  private DeliveryWorker(Parts parts) {
    this.parts = parts;
    this.thread = Thread.ofPlatform().name("pump-" + parts.name()).unstarted(this::run);
  }

  /// Starts on threads of its own and returns at once.
  public static DeliveryWorker start(Parts parts) {
    var worker = new DeliveryWorker(parts);
    worker.thread.start();
    return worker;
  }

  /// What keeps it from working; empty when it works.
  public Optional<String> trouble() {
    return health.trouble();
  }

  private void run() {
    var metrics = new WorkerMetrics(parts.meters(), parts.name());
    var pause = FIRST_PAUSE;
    while (!isClosing()) {
      long startedAt = System.nanoTime();
      try (var session = new WorkerSession(parts, metrics, health)) {
        session.run(this::isClosing);
        LOG.info("worker {}: closed", parts.name());
        return;
      } catch (RuntimeException e) {
        if (health.failing("restarting: " + e.getMessage())) {
          LOG.warn("worker {}: starts again from the committed offsets", parts.name(), e);
        }
      }
      boolean lasted = System.nanoTime() - startedAt > LONGEST_PAUSE.toNanos();
      pause = lasted ? FIRST_PAUSE : pause;
      rest(pause);
      pause =
          pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0
              ? LONGEST_PAUSE
              : pause.multipliedBy(2);
    }
  }

  private boolean isClosing() {
    return closing.getCount() == 0;
  }

  private void rest(Duration pause) {
    try {
      boolean closed = closing.await(pause.toMillis(), TimeUnit.MILLISECONDS);
      LOG.debug("worker {}: rested, closing {}", parts.name(), closed);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closing.countDown();
    }
  }

  /// Takes nothing more in, lets what is in flight end within `drain`, settles it, leaves the
  /// group.
  @Override
  public void close() {
    closing.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

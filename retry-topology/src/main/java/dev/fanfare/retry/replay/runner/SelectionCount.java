package dev.fanfare.retry.replay.runner;

import dev.fanfare.retry.replay.RateCap;
import dev.fanfare.retry.replay.ReplayJob;
import dev.fanfare.schemas.serde.AvroSerdes;
import dev.fanfare.schemas.topic.Topics;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;

/// Counts what a job would select, by reading its source: a dry run. Few at a time. Thread-safe.
public final class SelectionCount {
  private static final int AT_A_TIME = 2;
  private static final Duration TURN_WITHIN = Duration.ofSeconds(5);

  private final Semaphore turns = new Semaphore(AT_A_TIME);
  private final ReplayClients clients;
  private final Topics topics;
  private final AvroSerdes serdes;
  private final Surroundings surroundings;
  private final ReplaySettings settings;

  public SelectionCount(
      Map<String, Object> kafkaClientProperties,
      Topics topics,
      AvroSerdes serdes,
      Surroundings surroundings,
      ReplaySettings settings) {
    this.clients = new ReplayClients(kafkaClientProperties, topics, settings.instance());
    this.topics = topics;
    this.serdes = serdes;
    this.surroundings = surroundings;
    this.settings = settings;
  }

  /// How it went.
  public sealed interface Count {
    record Counted(long count) implements Count {}

    record Unavailable(String why) implements Count {}
  }

  public Count of(ReplayJob job) {
    boolean mine = false;
    try {
      mine = turns.tryAcquire(TURN_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
      return mine ? count(job) : new Count.Unavailable("other dry runs are under way");
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return new Count.Unavailable("interrupted");
    } catch (KafkaException | Surroundings.Unavailable e) {
      return new Count.Unavailable("it can't be counted: " + e.getMessage());
    } finally {
      if (mine) {
        turns.release();
      }
    }
  }

  private Count count(ReplayJob job) {
    long deadline = System.nanoTime() + settings.countWithin().toNanos();
    try (var selection = new Selection(job, clients, topics, serdes, surroundings)) {
      var counted = selection.count(selection.bounds(), () -> System.nanoTime() < deadline);
      return Optional.of(counted)
          .filter(it -> it.isPresent())
          .<Count>map(it -> new Count.Counted(it.getAsLong()))
          .orElseGet(() ->
              new Count.Unavailable(
                  "counting takes longer than "
                      + settings.countWithin().toSeconds()
                      + " s; narrow the time, or make the replay, which counts as it begins"));
    }
  }

  /// At the rate that holds for the job.
  public long estimatedSeconds(ReplayJob job, long count) {
    return RateCap.estimatedSeconds(count, job.rate().orElse(settings.rate()));
  }
}

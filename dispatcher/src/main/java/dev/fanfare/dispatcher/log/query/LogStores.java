package dev.fanfare.dispatcher.log.query;

import dev.fanfare.dispatcher.log.topology.LogMetrics;
import dev.fanfare.dispatcher.log.topology.LogTopology;
import dev.fanfare.dispatcher.log.topology.Purges;
import dev.fanfare.dispatcher.log.topology.RecordCodec;
import dev.fanfare.dispatcher.log.topology.Tenures;
import dev.fanfare.schemas.topic.Topics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;

/// What can be asked of a running topology, and the ledger that is balanced beside it.
public final class LogStores implements AutoCloseable {
  private static final Duration ANSWER = Duration.ofSeconds(30);

  private final LogQueries queries;
  private final LedgerWatch watch;
  private final Progress progress;

  private LogStores(LogQueries queries, LedgerWatch watch, Progress progress) {
    this.queries = queries;
    this.watch = watch;
    this.progress = progress;
  }

  /// @param streams started
  /// @param consumer properties of consumers
  /// @param topics whose are read
  /// @param rungs labels by topic
  /// @param partitions of each of them
  /// @param self under which the others know this instance
  public record Parts(
      KafkaStreams streams,
      Map<String, Object> consumer,
      Topics topics,
      Map<String, String> rungs,
      int partitions,
      HostInfo self,
      RecordCodec codec,
      Purges purges,
      Tenures tenures,
      LogMetrics metrics) {}

  /// @param admin closed together with this
  /// @param peers null when others can't be asked
  public static LogStores start(
      Parts parts, Admin admin, @Nullable Peers peers, Duration balanceEvery) {
    var topics = parts.topics();
    var shelves =
        new Shelves(parts.streams(), topics.deliveries().name(), parts.partitions(), parts.self());
    var groups =
        new Progress.Groups(
            topics.prefix() + "delivery", topics.prefix() + "relay", topics.prefix() + "log");
    var leftovers = new Leftovers(() -> Leftovers.consumer(parts.consumer()));
    var progress = new Progress(admin, topics, parts.rungs(), groups, leftovers);
    var watch =
        LedgerWatch.start(shelves, parts.tenures(), progress, balanceEvery, InstantSource.system());
    var answers = new Answers(shelves, parts.purges(), parts.tenures(), watch);
    parts.metrics().watchLedger(watch::unaccounted, watch::ageSeconds);
    return new LogStores(
        new LogQueries(new Everywhere(shelves, answers, peers), parts.codec()), watch, progress);
  }

  /// How many partitions each of the log's topics has.
  ///
  /// @throws KafkaException if Kafka does not say
  /// @throws IllegalArgumentException if they are not the same for all; the message is for people
  public static int partitions(Admin admin, Topics topics, Map<String, String> rungs) {
    var counts = new TreeMap<String, Integer>();
    try {
      var found =
          admin
              .describeTopics(LogTopology.sources(topics, rungs))
              .allTopicNames()
              .get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
      found.forEach((name, topic) -> counts.put(name, topic.partitions().size()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new KafkaException("the log's topics can't be described", e);
    }
    if (new HashSet<>(counts.values()).size() != 1) {
      throw new IllegalArgumentException(
          "the log needs as many partitions of each of its topics, since what belongs to one"
              + " subscription must meet; there are "
              + counts
              + ". Make them even, or leave the role log out");
    }
    return Optional.ofNullable(counts.firstEntry()).map(Map.Entry::getValue).orElse(0);
  }

  public LogQueries queries() {
    return queries;
  }

  @Override
  public void close() {
    watch.close();
    progress.close();
  }
}

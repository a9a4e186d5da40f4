package dev.fanfare.dispatcher.log.query;

import dev.fanfare.dispatcher.log.ledger.Cut;
import dev.fanfare.dispatcher.log.ledger.Cut.Reach;
import dev.fanfare.dispatcher.log.query.Leftovers.Stretch;
import dev.fanfare.schemas.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/// How far everybody has got: the worker, the relay, the log itself, the topics' ends. Used by one
/// thread.
final class Progress implements AutoCloseable {
  private static final Duration ANSWER = Duration.ofSeconds(30);

  /// When the log has not moved for so long, it may be through: it is looked whether anything is
  /// left to read.
  private static final long STILL_NANOS = 1_000_000_000L;

  private final Admin admin;
  private final Topics topics;
  private final Map<String, String> rungs;
  private final Groups groups;
  private final Leftovers leftovers;
  private final Map<TopicPartition, Still> stills = new HashMap<>();

  private record Still(long offset, long since) {}

  /// @param workers the consumer group that takes deliveries
  /// @param relay the one that takes what waits
  /// @param log the log's own
  record Groups(String workers, String relay, String log) {}

  /// @param ends what the log must have read before it may judge by the cuts
  record Mark(Map<Integer, Cut> cuts, Map<TopicPartition, Long> ends) {}

  /// @param rungs labels by topic
  Progress(
      Admin admin, Topics topics, Map<String, String> rungs, Groups groups, Leftovers leftovers) {
    this.admin = admin;
    this.topics = topics;
    this.rungs = rungs;
    this.groups = groups;
    this.leftovers = leftovers;
  }

  /// First how far the stages have committed, then what the topics hold: what the stages wrote
  /// along with their offsets is below these ends. They are the ends of all that was written,
  /// committed or not: of one transaction, Kafka may show the offsets before the records.
  Mark mark(Set<Integer> partitions, long now) throws InterruptedException {
    var taken = new HashMap<TopicPartition, Long>();
    taken.putAll(committed(groups.workers()));
    taken.putAll(committed(groups.relay()));
    var deliveries = topics.deliveries().name();
    var moving = new ArrayList<TopicPartition>();
    var all = new ArrayList<TopicPartition>();
    for (int partition : partitions) {
      moving.add(new TopicPartition(deliveries, partition));
      rungs.keySet().forEach(topic -> moving.add(new TopicPartition(topic, partition)));
      all.add(new TopicPartition(topics.attempts().name(), partition));
      all.add(new TopicPartition(topics.deadLetters().name(), partition));
    }
    all.addAll(moving);
    var starts = offsets(moving, OffsetSpec.earliest());
    var ends = offsets(all, OffsetSpec.latest());
    var cuts = new HashMap<Integer, Cut>();
    for (int partition : partitions) {
      var reaches = new HashMap<String, Reach>();
      rungs.forEach((topic, label) ->
          reaches.put(label, reach(new TopicPartition(topic, partition), starts, taken)));
      var reach = reach(new TopicPartition(deliveries, partition), starts, taken);
      cuts.put(partition, new Cut(now, reach, reaches, false));
    }
    ends.entrySet().removeIf(end -> end.getValue() == 0);
    return new Mark(cuts, ends);
  }

  private static Reach reach(
      TopicPartition at, Map<TopicPartition, Long> starts, Map<TopicPartition, Long> taken) {
    return new Reach(starts.getOrDefault(at, 0L), taken.getOrDefault(at, 0L));
  }

  /// Those of the partitions in which the log has read up to the mark.
  Set<Integer> reached(Mark mark, Set<Integer> partitions) throws InterruptedException {
    var read = committed(groups.log());
    long now = System.nanoTime();
    var behind = new HashSet<TopicPartition>();
    var still = new HashMap<TopicPartition, Stretch>();
    mark.ends()
        .forEach((at, end) -> {
          long offset = read.getOrDefault(at, -1L);
          if (partitions.contains(at.partition()) && offset < end) {
            behind.add(at);
            if (isStill(at, offset, now)) {
              still.put(at, new Stretch(offset, end));
            }
          }
        });
    behind.removeAll(leftovers.without(still));
    var reached = new HashSet<>(partitions);
    behind.forEach(at -> reached.remove(at.partition()));
    return reached;
  }

  private boolean isStill(TopicPartition at, long offset, long now) {
    var since =
        stills.compute(
            at,
            (_, before) ->
                before != null && before.offset() == offset ? before : new Still(offset, now));
    return now - since.since() > STILL_NANOS;
  }

  private Map<TopicPartition, Long> committed(String group) throws InterruptedException {
    var offsets = new HashMap<TopicPartition, Long>();
    get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
        .forEach((at, offset) -> {
          if (offset != null) {
            offsets.put(at, offset.offset());
          }
        });
    return offsets;
  }

  private Map<TopicPartition, Long> offsets(Collection<TopicPartition> of, OffsetSpec which)
      throws InterruptedException {
    var asked = new HashMap<TopicPartition, OffsetSpec>();
    of.forEach(each -> asked.put(each, which));
    var options = new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED);
    var offsets = new HashMap<TopicPartition, Long>();
    get(admin.listOffsets(asked, options).all())
        .forEach((at, found) -> offsets.put(at, found.offset()));
    return offsets;
  }

  private static <T> T get(KafkaFuture<T> future) throws InterruptedException {
    try {
      return future.get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
    } catch (TimeoutException e) {
      throw new KafkaException("Kafka did not answer within " + ANSWER, e);
    }
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(5));
  }
}

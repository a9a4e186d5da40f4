package dev.fanfare.dispatcher.log.query;

import dev.fanfare.schemas.topic.Topics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How much comes in, whoever sends it: what the ends of the input topic's partitions say. Where a
/// producer writes in transactions, their markers count too. Asked for by many, it asks Kafka once
/// in a while. Thread-safe.
public final class Inflow {
  private static final Logger LOG = LoggerFactory.getLogger(Inflow.class);
  private static final Duration FRESH = Duration.ofSeconds(4);
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Admin admin;
  private final String topic;
  private final String group;
  private final InstantSource clock;
  private @Nullable Seen last;

  /// @param events that came in the last minutes
  /// @param waiting those that fan-out has not taken yet
  /// @param at milliseconds since the epoch
  public record Seen(long events, long waiting, long at) {}

  public Inflow(Admin admin, Topics topics, InstantSource clock) {
    this.admin = admin;
    this.topic = topics.events().name();
    this.group = topics.prefix() + "fanout";
    this.clock = clock;
  }

  /// Empty when Kafka does not say.
  public synchronized Optional<Seen> lately(Duration span) {
    long now = clock.millis();
    var known = last;
    if (known != null && now - known.at() < FRESH.toMillis()) {
      return Optional.of(known);
    }
    try {
      var seen = look(now, span);
      last = seen;
      return Optional.of(seen);
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("how much comes in is not known", e);
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private Seen look(long now, Duration span)
      throws ExecutionException, InterruptedException, TimeoutException {
    var described =
        admin
            .describeTopics(List.of(topic))
            .allTopicNames()
            .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    var partitions =
        described.values().stream() // one
            .flatMap(it -> it.partitions().stream())
            .map(it -> new TopicPartition(topic, it.partition()))
            .collect(Collectors.toSet());
    var ends = offsets(partitions, OffsetSpec.latest());
    var starts = offsets(partitions, OffsetSpec.forTimestamp(now - span.toMillis()));
    var first = offsets(partitions, OffsetSpec.earliest());
    var taken = taken();
    long events = 0;
    long waiting = 0;
    for (var partition : partitions) {
      long end = ends.getOrDefault(partition, 0L);
      long start = starts.getOrDefault(partition, -1L);
      events += start < 0 ? 0 : end - start; // none is that new
      var done = taken.get(partition);
      long begin = first.getOrDefault(partition, 0L);
      waiting += Math.max(0, end - (done == null ? begin : Math.max(begin, done.offset())));
    }
    return new Seen(events, waiting, now);
  }

  private Map<TopicPartition, Long> offsets(Set<TopicPartition> partitions, OffsetSpec which)
      throws ExecutionException, InterruptedException, TimeoutException {
    var asked = new HashMap<TopicPartition, OffsetSpec>();
    partitions.forEach(it -> asked.put(it, which));
    return admin
        .listOffsets(asked)
        .all()
        .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .entrySet()
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, it -> it.getValue().offset()));
  }

  private Map<TopicPartition, OffsetAndMetadata> taken()
      throws ExecutionException, InterruptedException, TimeoutException {
    return admin
        .listConsumerGroupOffsets(group)
        .partitionsToOffsetAndMetadata()
        .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }
}

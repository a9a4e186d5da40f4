package dev.fanfare.dispatcher.feed;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// Keeps one table up to date from one or more compacted topics, by a thread of its own. The table
/// serves what was last known while the cluster is away.
public final class TopicFeed implements AutoCloseable {
  private static final Duration CLOSED_WITHIN = Duration.ofSeconds(10);
  private static final int RECORDS_A_POLL = 5_000;

  private final AppliedOffsets applied;
  private final FeedLoop loop;
  private final Thread thread;
  private final List<FeedDecoder<?>> decoders;
  private final EndOffsets ends;

  private TopicFeed(
      AppliedOffsets applied,
      FeedLoop loop,
      Thread thread,
      List<FeedDecoder<?>> decoders,
      EndOffsets ends) {
    this.applied = applied;
    this.loop = loop;
    this.thread = thread;
    this.decoders = decoders;
    this.ends = ends;
  }

  /// Reads the topics as they are now, then returns and goes on following.
  ///
  /// @param name of the table, for threads and messages
  /// @param kafka client properties: `bootstrap.servers`, security
  /// @param catchUpWithin how long the start may take
  /// @param clock tells what has ended with time
  /// @throws IllegalStateException if the topics could not be read in that time; the message says
  ///   what is in the way
  public static TopicFeed start(
      String name,
      Map<String, Object> kafka,
      List<FeedSource<?>> sources,
      FeedTable table,
      Duration catchUpWithin,
      InstantSource clock) {
    var properties = properties(name, kafka);
    var applied = new AppliedOffsets();
    var decoders = new LinkedHashMap<String, FeedDecoder<?>>();
    sources.forEach(source -> decoders.put(source.topic(), source.decoder()));
    var loop =
        new FeedLoop(
            name,
            () ->
                new KafkaConsumer<>(
                    properties, new ByteArrayDeserializer(), new ByteArrayDeserializer()),
            decoders,
            table,
            applied,
            clock);
    var thread = Thread.ofPlatform().name("feed-" + name).daemon().unstarted(loop);
    var feed =
        new TopicFeed(
            applied,
            loop,
            thread,
            List.copyOf(decoders.values()),
            EndOffsets.connect(kafka, "fanfare-ends-" + name));
    thread.start();
    feed.awaitCaughtUp(name, catchUpWithin);
    return feed;
  }

  private static Map<String, Object> properties(String name, Map<String, Object> kafka) {
    var properties = new HashMap<>(kafka);
    properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
    properties.putIfAbsent(ConsumerConfig.CLIENT_ID_CONFIG, "fanfare-feed-" + name);
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, RECORDS_A_POLL);
    return properties;
  }

  private void awaitCaughtUp(String name, Duration atMost) {
    boolean caughtUp;
    try {
      caughtUp = loop.awaitCaughtUp(atMost);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      caughtUp = false;
    }
    if (!caughtUp) {
      var why = health().trouble().orElse("the topic is long or the cluster slow");
      close();
      throw new IllegalStateException(
          "the " + name + " could not be read within " + atMost + ": " + why);
    }
  }

  /// Waits until the table holds what was written at this offset, so that whoever wrote it can read
  /// it back. False when the time is over first.
  public boolean awaitApplied(TopicPartition partition, long offset, Duration atMost) {
    return applied.await(partition, offset, atMost);
  }

  /// Waits until the table holds everything of a topic that had been written when this was called;
  /// false when the time is over first or the cluster is away.
  public boolean awaitCurrent(String topic, Duration atMost) {
    if (!loop.health(thread.isAlive()).connected()) {
      return false; // nobody has to wait in vain
    }
    long start = System.nanoTime();
    var partitions = applied.partitions().stream().filter(it -> it.topic().equals(topic)).toList();
    var asked = ends.ask(partitions, atMost);
    if (asked.isEmpty()) {
      return false;
    }
    for (var end : asked.get().entrySet()) {
      var left = atMost.minusNanos(System.nanoTime() - start);
      if (!applied.await(end.getKey(), end.getValue() - 1, left)) {
        return false;
      }
    }
    return true;
  }

  public FeedHealth health() {
    return loop.health(thread.isAlive());
  }

  @Override
  public void close() {
    ends.close();
    loop.close();
    try {
      if (thread.join(CLOSED_WITHIN)) {
        decoders.forEach(FeedDecoder::close);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

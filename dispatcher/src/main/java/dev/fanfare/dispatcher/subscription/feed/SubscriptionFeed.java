package dev.fanfare.dispatcher.subscription.feed;

import dev.fanfare.dispatcher.subscription.Subscription;
import dev.fanfare.schemas.avro.EndpointState;
import dev.fanfare.schemas.serde.AvroSerdes;
import dev.fanfare.schemas.topic.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// The one table of subscriptions in a process, kept up to date from the compacted topics of
/// subscriptions and of their endpoints' states by a thread of its own. Fan-out, lanes and API read
/// the same one.
///
/// It serves what it last knew while the cluster is away. Thread-safe; reads never block.
public final class SubscriptionFeed implements SubscriptionTable, AutoCloseable {
  private static final Duration CLOSED_WITHIN = Duration.ofSeconds(10);
  private static final int RECORDS_A_POLL = 5_000;

  private final SubscriptionBook book;
  private final AppliedOffsets applied;
  private final FeedLoop loop;
  private final Thread thread;
  private final String topic;
  private final FeedDecoder decoder;

  private SubscriptionFeed(
      SubscriptionBook book,
      AppliedOffsets applied,
      FeedLoop loop,
      String topic,
      FeedDecoder decoder) {
    this.book = book;
    this.applied = applied;
    this.loop = loop;
    this.topic = topic;
    this.decoder = decoder;
    this.thread = Thread.ofPlatform().name("fanfare-subscriptions").daemon().unstarted(loop);
  }

  /// Reads the whole topic as it is now, then returns and goes on following.
  ///
  /// @param kafka client properties: `bootstrap.servers`, security
  /// @throws IllegalStateException if the topic could not be read in the time that the settings
  ///   give; the message says what is in the way
  public static SubscriptionFeed start(
      Map<String, Object> kafka,
      Topics topics,
      AvroSerdes serdes,
      FeedSettings settings,
      MeterRegistry meters) {
    return start(kafka, topics, serdes, settings, meters, InstantSource.system());
  }

  /// @param clock tells which secrets are live
  static SubscriptionFeed start(
      Map<String, Object> kafka,
      Topics topics,
      AvroSerdes serdes,
      FeedSettings settings,
      MeterRegistry meters,
      InstantSource clock) {
    var properties = properties(kafka, topics);
    var book = new SubscriptionBook(settings.reader());
    var applied = new AppliedOffsets();
    var topic = topics.subscriptions().name();
    var decoder =
        new FeedDecoder(
            book,
            serdes.deserializer(dev.fanfare.schemas.avro.Subscription.class),
            topics.endpoints().name(),
            serdes.deserializer(EndpointState.class));
    var loop =
        new FeedLoop(
            List.of(topic, topics.endpoints().name()),
            () ->
                new KafkaConsumer<>(
                    properties, new ByteArrayDeserializer(), new ByteArrayDeserializer()),
            decoder,
            book,
            applied,
            clock);
    var feed = new SubscriptionFeed(book, applied, loop, topic, decoder);
    feed.thread.start();
    feed.awaitCaughtUp(settings.catchUpWithin());
    FeedMetrics.bind(meters, feed::health);
    return feed;
  }

  private static Map<String, Object> properties(Map<String, Object> kafka, Topics topics) {
    var properties = new HashMap<>(kafka);
    properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
    properties.putIfAbsent(ConsumerConfig.CLIENT_ID_CONFIG, topics.prefix() + "subscriptions-feed");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, RECORDS_A_POLL);
    return properties;
  }

  private void awaitCaughtUp(Duration atMost) {
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
          "the subscriptions could not be read within " + atMost + ": " + why);
    }
  }

  @Override
  public Optional<Subscription> find(String id) {
    return book.find(id);
  }

  @Override
  public Collection<Subscription> all() {
    return book.all();
  }

  @Override
  public Optional<EndpointState> endpoint(String id) {
    return book.endpoint(id);
  }

  /// The record as it is stored; empty when there is none, or its bytes could not be read.
  @Override
  public Optional<dev.fanfare.schemas.avro.Subscription> stored(String id) {
    return book.stored(id);
  }

  /// All records as they are stored, in no order; a snapshot.
  public Collection<dev.fanfare.schemas.avro.Subscription> stored() {
    return book.stored();
  }

  /// Waits until the table holds what was written at this offset, so that whoever wrote it can read
  /// it back. False when the time is over first.
  public boolean awaitApplied(int partition, long offset, Duration atMost) {
    return applied.await(new TopicPartition(topic, partition), offset, atMost);
  }

  /// Counts the changes of the table.
  public long revision() {
    return book.revision();
  }

  /// Tells of all that is in the table, as if it were new, and from then on of every change, in
  /// order and without a gap. The follower runs on the feed's thread: it must be quick, and must
  /// not throw.
  public void follow(Consumer<SubscriptionChange> follower) {
    book.follow(follower);
  }

  public FeedHealth health() {
    return loop.health(thread.isAlive());
  }

  @Override
  public void close() {
    loop.close();
    try {
      if (thread.join(CLOSED_WITHIN)) {
        decoder.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

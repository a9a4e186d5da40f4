package dev.fanfare.dispatcher.subscription.feed;

import dev.fanfare.dispatcher.feed.CurrentTable;
import dev.fanfare.dispatcher.feed.FeedHealth;
import dev.fanfare.dispatcher.feed.FeedSource;
import dev.fanfare.dispatcher.feed.TopicFeed;
import dev.fanfare.dispatcher.subscription.Place;
import dev.fanfare.dispatcher.subscription.Subscription;
import dev.fanfare.schemas.avro.EndpointState;
import dev.fanfare.schemas.serde.AvroSerdes;
import dev.fanfare.schemas.topic.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// The one table of subscriptions in a process, kept up to date from the compacted topics of
/// subscriptions and of their endpoints' states by a thread of its own. Fan-out, lanes and API read
/// the same one.
///
/// It serves what it last knew while the cluster is away. Thread-safe; reads never block.
public final class SubscriptionFeed implements SubscriptionTable, CurrentTable, AutoCloseable {
  private final SubscriptionBook book;
  private final TopicFeed feed;
  private final String topic;

  private SubscriptionFeed(SubscriptionBook book, TopicFeed feed, String topic) {
    this.book = book;
    this.feed = feed;
    this.topic = topic;
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
    var book = new SubscriptionBook(settings.reader(), settings.seal());
    var topic = topics.subscriptions().name();
    var both =
        TopicFeed.start(
            "subscriptions",
            kafka,
            List.of(
                new FeedSource<>(
                    topic,
                    serdes.deserializer(dev.fanfare.schemas.avro.Subscription.class),
                    book.subscriptions()),
                new FeedSource<>(
                    topics.endpoints().name(),
                    serdes.deserializer(EndpointState.class),
                    book.endpoints())),
            book,
            settings.catchUpWithin(),
            clock);
    var feed = new SubscriptionFeed(book, both, topic);
    FeedMetrics.bind(meters, feed::health);
    return feed;
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

  /// The records as they are stored, in the order in which they were made, looked up as far as the
  /// stream is read.
  ///
  /// @param tenant only of this one; null for all
  /// @param after null for the beginning
  public Stream<dev.fanfare.schemas.avro.Subscription> stored(
      @Nullable String tenant, @Nullable Place after) {
    return book.stored(tenant, after);
  }

  /// Ids of those whose records are not sealed as they would be if they were written now.
  public Collection<String> sealedOtherwise() {
    return book.sealedOtherwise();
  }

  @Override
  public boolean awaitApplied(int partition, long offset, Duration atMost) {
    return feed.awaitApplied(new TopicPartition(topic, partition), offset, atMost);
  }

  @Override
  public boolean awaitCurrent(Duration atMost) {
    return feed.awaitCurrent(topic, atMost);
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
    return feed.health();
  }

  @Override
  public void close() {
    feed.close();
  }
}

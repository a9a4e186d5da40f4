package dev.fanfare.dispatcher.access.feed;

import dev.fanfare.dispatcher.access.AccessTable;
import dev.fanfare.dispatcher.feed.CurrentTable;
import dev.fanfare.dispatcher.feed.FeedHealth;
import dev.fanfare.dispatcher.feed.FeedSource;
import dev.fanfare.dispatcher.feed.TopicFeed;
import dev.fanfare.schemas.avro.ApiKey;
import dev.fanfare.schemas.avro.Tenant;
import dev.fanfare.schemas.serde.AvroSerdes;
import dev.fanfare.schemas.topic.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/// The one table of keys and tenants in a process, kept up to date from the compacted topic. While
/// the cluster is away, what was last known goes on to hold. Thread-safe; reads never block.
public final class AccessFeed implements AccessTable, CurrentTable, AutoCloseable {
  private static final Duration CAUGHT_UP_WITHIN = Duration.ofMinutes(2);

  private final AccessBook book;
  private final TopicFeed feed;

  private final String topic;

  private AccessFeed(AccessBook book, TopicFeed feed, String topic) {
    this.book = book;
    this.feed = feed;
    this.topic = topic;
  }

  /// Reads the whole topic as it is now, then returns and goes on following.
  ///
  /// @param kafka client properties: `bootstrap.servers`, security
  /// @throws IllegalStateException if the topic could not be read in time
  public static AccessFeed start(
      Map<String, Object> kafka, Topics topics, AvroSerdes serdes, MeterRegistry meters) {
    var book = new AccessBook();
    var topic = topics.tenants().name();
    var records = serdes.deserializerByRecord(Set.of(ApiKey.class, Tenant.class));
    var feed =
        new AccessFeed(
            book,
            TopicFeed.start(
                "keys",
                kafka,
                List.of(new FeedSource<>(topic, records, book)),
                book,
                CAUGHT_UP_WITHIN,
                InstantSource.system()),
            topic);
    AccessMetrics.bind(meters, feed);
    return feed;
  }

  @Override
  public Optional<ApiKey> key(String id) {
    return book.key(id);
  }

  @Override
  public Optional<Tenant> tenant(String id) {
    return book.tenant(id);
  }

  @Override
  public Collection<ApiKey> keys() {
    return book.keys();
  }

  @Override
  public Collection<Tenant> tenants() {
    return book.tenants();
  }

  @Override
  public boolean awaitApplied(int partition, long offset, Duration atMost) {
    return feed.awaitApplied(new TopicPartition(topic, partition), offset, atMost);
  }

  @Override
  public boolean awaitCurrent(Duration atMost) {
    return feed.awaitCurrent(topic, atMost);
  }

  public FeedHealth health() {
    return feed.health();
  }

  @Override
  public void close() {
    feed.close();
  }
}

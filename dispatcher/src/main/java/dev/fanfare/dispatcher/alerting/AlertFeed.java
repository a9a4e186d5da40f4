package dev.fanfare.dispatcher.alerting;

import dev.fanfare.dispatcher.feed.CurrentTable;
import dev.fanfare.dispatcher.feed.FeedHealth;
import dev.fanfare.dispatcher.feed.FeedSource;
import dev.fanfare.dispatcher.feed.TopicFeed;
import dev.fanfare.schemas.avro.Alert;
import dev.fanfare.schemas.avro.AlertRules;
import dev.fanfare.schemas.serde.AvroSerdes;
import dev.fanfare.schemas.topic.Topics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/// The one table of rules and alerts in a process, kept up to date from their topics. Thread-safe.
public final class AlertFeed implements AutoCloseable {
  private static final Duration CAUGHT_UP_WITHIN = Duration.ofMinutes(2);

  private final AlertBook book;
  private final TopicFeed feed;
  private final Topics topics;

  private AlertFeed(AlertBook book, TopicFeed feed, Topics topics) {
    this.book = book;
    this.feed = feed;
    this.topics = topics;
  }

  /// Reads both topics as they are now, then returns and goes on following.
  ///
  /// @param kafka client properties: `bootstrap.servers`, security
  /// @throws IllegalStateException if they could not be read in time
  public static AlertFeed start(Map<String, Object> kafka, Topics topics, AvroSerdes serdes) {
    var book = new AlertBook();
    var feed =
        TopicFeed.start(
            "alerts",
            kafka,
            List.of(
                new FeedSource<>(
                    topics.alertRules().name(),
                    serdes.deserializer(AlertRules.class),
                    book.rules()),
                new FeedSource<>(
                    topics.alerts().name(), serdes.deserializer(Alert.class), book.alerts())),
            book,
            CAUGHT_UP_WITHIN,
            InstantSource.system());
    return new AlertFeed(book, feed, topics);
  }

  AlertBook book() {
    return book;
  }

  Topics topics() {
    return topics;
  }

  /// Of the rules.
  CurrentTable currentRules() {
    return current(topics.alertRules().name());
  }

  /// Of what they have said.
  CurrentTable currentAlerts() {
    return current(topics.alerts().name());
  }

  private CurrentTable current(String topic) {
    return new CurrentTable() {
      @Override
      public boolean awaitCurrent(Duration atMost) {
        return feed.awaitCurrent(topic, atMost);
      }

      @Override
      public boolean awaitApplied(int partition, long offset, Duration atMost) {
        return feed.awaitApplied(new TopicPartition(topic, partition), offset, atMost);
      }
    };
  }

  public FeedHealth health() {
    return feed.health();
  }

  @Override
  public void close() {
    feed.close();
  }
}

package dev.fanfare.dispatcher.subscription.feed;

import static dev.fanfare.dispatcher.subscription.reading.StoredSubscriptions.NOW;
import static dev.fanfare.dispatcher.subscription.reading.StoredSubscriptions.good;
import static dev.fanfare.dispatcher.subscription.reading.StoredSubscriptions.hmac;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fanfare.dispatcher.subscription.Status;
import dev.fanfare.dispatcher.subscription.Subscription;
import dev.fanfare.dispatcher.subscription.reading.SubscriptionReader;
import dev.fanfare.schemas.serde.AvroSerdes;
import dev.fanfare.schemas.serde.RegistrySettings;
import dev.fanfare.schemas.topic.Topic;
import dev.fanfare.schemas.topic.Topics;
import dev.fanfare.testkit.kafka.SharedKafka;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubscriptionFeedIT {
  private static final Duration SOON = Duration.ofSeconds(30);

  private Cluster cluster = Cluster.shared();
  private final AvroSerdes serdes = new AvroSerdes(RegistrySettings.at("mock://subscription-feed"));
  private final Serializer<dev.fanfare.schemas.avro.Subscription> serializer = serdes.serializer();
  private final Topics topics =
      new Topics(SharedKafka.prefix(SubscriptionFeedIT.class), Topics.DEFAULT_INPUT);
  private final Topic<dev.fanfare.schemas.avro.Subscription> topic = topics.subscriptions();
  private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
  private final List<SubscriptionFeed> feeds = new ArrayList<>();

  @BeforeEach
  void createTopic() throws Exception {
    cluster.create(3, topic, topics.endpoints());
  }

  @AfterEach
  void closeFeeds() {
    feeds.forEach(SubscriptionFeed::close);
    cluster.close();
  }

  private SubscriptionFeed start() {
    var settings = new FeedSettings(SOON, new SubscriptionReader(false));
    var feed =
        SubscriptionFeed.start(
            cluster.properties(), topics, serdes, settings, new SimpleMeterRegistry(), now::get);
    feeds.add(feed);
    return feed;
  }

  @Test
  void hasReadEverythingWhenItHasStarted() throws Exception {
    var records = new ArrayList<Map.Entry<String, byte[]>>();
    for (int i = 0; i < 10_000; i++) {
      records.add(record("sub_" + i, "active"));
    }
    for (int i = 0; i < 10_000; i += 10) {
      records.add(record("sub_" + i, "paused"));
    }
    cluster.writeAll(topic, records);
    for (int i = 0; i < 10; i++) {
      cluster.write(topic, "sub_" + i, null);
    }

    var feed = start();

    assertThat(feed.all()).hasSize(9_990);
    assertThat(feed.stored(null, null)).hasSize(9_990);
    assertThat(feed.find("sub_3")).isEmpty();
    assertThat(feed.find("sub_11")).map(Subscription::status).contains(Status.ACTIVE);
    assertThat(feed.find("sub_20")).map(Subscription::status).contains(Status.PAUSED);
    assertThat(feed.health().following()).isTrue();
    assertThat(feed.health().connected()).isTrue();
    assertThat(feed.health().unusable()).isZero();
  }

  @Test
  void whatWasWrittenCanBeReadBack() throws Exception {
    var feed = start();
    var changes = new ConcurrentLinkedQueue<SubscriptionChange>();
    feed.follow(changes::add);
    assertThat(feed.all()).isEmpty();

    assertThat(isApplied(feed, write("sub_1", "active"))).isTrue();
    assertThat(feed.find("sub_1")).map(Subscription::status).contains(Status.ACTIVE);
    long revision = feed.revision();

    assertThat(isApplied(feed, write("sub_1", "paused"))).isTrue();
    assertThat(feed.find("sub_1")).map(Subscription::status).contains(Status.PAUSED);
    assertThat(feed.stored("sub_1")).map(s -> s.getStatus()).contains("paused");
    assertThat(feed.revision()).isGreaterThan(revision);

    assertThat(isApplied(feed, cluster.write(topic, "sub_1", null))).isTrue();
    assertThat(feed.find("sub_1")).isEmpty();
    assertThat(changes).hasSize(3);
  }

  @Test
  void waitsNoLongerThanAllowedForWhatIsNotWritten() {
    var feed = start();

    assertThat(feed.awaitApplied(0, 1_000, Duration.ofMillis(10))).isFalse();
  }

  @Test
  void doesNotSeeWhatWasNotCommitted() throws Exception {
    try (var producer = cluster.producer(Map.of("transactional.id", "t1"))) {
      producer.initTransactions();
      producer.beginTransaction();
      producer
          .send(
              new ProducerRecord<>(
                  topic.name(), 0, "sub_1".getBytes(UTF_8), bytes("sub_1", "active")))
          .get();
      producer.abortTransaction();
    }
    cluster.write(topic, "sub_2", bytes("sub_2", "active"));

    var feed = start();

    assertThat(feed.find("sub_1")).isEmpty();
    assertThat(feed.find("sub_2")).isPresent();
  }

  @Test
  void losesNothingToARecordThatCannotBeRead() throws Exception {
    cluster.write(topic, "sub_1", bytes("sub_1", "active"));
    cluster.write(topic, "sub_1", new byte[] {1, 2, 3});
    cluster.write(topic, "sub_2", new byte[] {1, 2, 3});
    cluster.write(topic, "not a key", bytes("sub_9", "active"));
    cluster.write(topic, "sub_3", bytes("sub_3", "active"));

    var feed = start();

    assertThat(feed.find("sub_1")).map(Subscription::status).contains(Status.PAUSED);
    assertThat(feed.find("sub_2")).map(Subscription::status).contains(Status.PAUSED);
    assertThat(feed.find("sub_3")).map(Subscription::status).contains(Status.ACTIVE);
    assertThat(feed.health().unusable()).isEqualTo(2);
    assertThat(isApplied(feed, write("sub_2", "active"))).isTrue();
    assertThat(feed.find("sub_2")).map(Subscription::status).contains(Status.ACTIVE);
    assertThat(feed.health().unusable()).isEqualTo(1);
  }

  @Test
  void dropsASecretWhenItsTimeIsOver() throws Exception {
    var end = NOW.plusSeconds(60);
    var stored =
        good("sub_1")
            .setSecrets(List.of(hmac(32).build(), hmac(33).setExpiresAt(end).build()))
            .build();
    cluster.write(topic, "sub_1", serializer.serialize(topic.name(), stored));
    var feed = start();
    assertThat(secrets(feed)).isEqualTo(2);

    now.set(end);

    await().atMost(SOON).until(() -> secrets(feed) == 1);
  }

  private static int secrets(SubscriptionFeed feed) {
    return feed.find("sub_1").orElseThrow().endpoint().keys().secrets().size();
  }

  @Test
  void outlivesTheBroker(@TempDir Path directory) throws Exception {
    cluster = Cluster.own(directory);
    createTopic();
    cluster.write(topic, "sub_1", bytes("sub_1", "active"));
    var feed = start();

    cluster.stop();
    try {
      await().atMost(SOON).until(() -> !feed.health().connected());
      assertThat(feed.find("sub_1")).isPresent();
      assertThat(feed.health().trouble()).isPresent();
    } finally {
      cluster.startAgain();
    }

    var written = write("sub_2", "active");
    assertThat(isApplied(feed, written)).isTrue();
    assertThat(feed.find("sub_2")).isPresent();
    await()
        .atMost(SOON)
        .until(() -> feed.health().connected() && feed.health().trouble().isEmpty());
  }

  @Test
  void saysWhyItCannotStart() {
    var missing = new Topics("nowhere.", Topics.DEFAULT_INPUT);
    var settings = new FeedSettings(Duration.ofSeconds(2), new SubscriptionReader(false));

    assertThatThrownBy(() ->
            SubscriptionFeed.start(
                cluster.properties(), missing, serdes, settings, new SimpleMeterRegistry()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("nowhere.subscriptions");
  }

  private boolean isApplied(SubscriptionFeed feed, RecordMetadata written) {
    return feed.awaitApplied(written.partition(), written.offset(), SOON);
  }

  private RecordMetadata write(String id, String status)
      throws InterruptedException, ExecutionException {
    return cluster.write(topic, id, bytes(id, status));
  }

  private Map.Entry<String, byte[]> record(String id, String status) {
    return Map.entry(id, bytes(id, status));
  }

  private byte[] bytes(String id, String status) {
    return serializer.serialize(topic.name(), good(id).setStatus(status).build());
  }
}

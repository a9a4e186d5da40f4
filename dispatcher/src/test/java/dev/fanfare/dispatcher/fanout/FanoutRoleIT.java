package dev.fanfare.dispatcher.fanout;

import static dev.fanfare.dispatcher.fanout.Samples.event;
import static dev.fanfare.dispatcher.subscription.reading.StoredSubscriptions.good;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.dispatcher.subscription.feed.Cluster;
import dev.fanfare.dispatcher.subscription.feed.FeedSettings;
import dev.fanfare.dispatcher.subscription.feed.SubscriptionFeed;
import dev.fanfare.schemas.avro.Delivery;
import dev.fanfare.schemas.avro.EmailEvent;
import dev.fanfare.schemas.avro.Subscription;
import dev.fanfare.schemas.id.DeliveryId;
import dev.fanfare.schemas.serde.AvroSerdes;
import dev.fanfare.schemas.serde.RegistrySettings;
import dev.fanfare.schemas.topic.Topics;
import dev.fanfare.testkit.kafka.SharedKafka;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serializer;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FanoutRoleIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration SESSION = Duration.ofSeconds(60);
  private static final int PARTITIONS = 3;

  @TempDir private Path directory;
  private final Cluster cluster = Cluster.shared();
  private final Topics topics = ownTopics();
  private TinyRegistry registry;
  private AvroSerdes serdes;
  private Serializer<EmailEvent> events;

  private static Topics ownTopics() {
    var prefix = SharedKafka.prefix(FanoutRoleIT.class);
    return new Topics(prefix, "email." + prefix + "events");
  }

  @BeforeEach
  void start() throws Exception {
    cluster.create(
        PARTITIONS,
        topics.events(),
        topics.subscriptions(),
        topics.endpoints(),
        topics.deliveries(),
        topics.rejected());
    registry = new TinyRegistry();
    serdes = new AvroSerdes(RegistrySettings.at(registry.url()));
    events = serdes.serializer();
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  @Test
  void killedAgainAndAgainItMakesEachDeliveryOnce() throws Exception {
    // Given ten subscriptions, and events that keep coming
    int subscriptions = 10;
    subscribe(subscriptions);
    var log = directory.resolve("fanout.log");
    int written = 0;

    // When fan-out is killed while it works
    for (int round = 0; round < 3; round++) {
      try (var process = FanoutProcess.start(cluster.bootstrap(), registry.url(), topics, log)) {
        long before = endOfDeliveries();
        long deadline = System.nanoTime() + SOON.toNanos();
        do {
          written = write(written, written < 1_000 * (round + 1) ? 200 : 1);
          assertThat(process.isAlive() && System.nanoTime() < deadline)
              .as("works; its log: %s", Files.readString(log))
              .isTrue();
        } while (endOfDeliveries() - before < 1_000);
        process.kill();
      }
    }

    // Then, after one last start, each event has reached each subscription once
    int expected = written * subscriptions;
    try (var _ = FanoutProcess.start(cluster.bootstrap(), registry.url(), topics, log)) {
      await()
          .atMost(SOON.multipliedBy(3))
          .pollInterval(Duration.ofSeconds(1))
          .untilAsserted(() ->
              assertThat(cluster.committed(topics.deliveries()).size())
                  .as("committed; the log: %s", Files.readString(log))
                  .isGreaterThanOrEqualTo(expected));
    }
    var ids = new ArrayList<String>();
    var deliveries = serdes.deserializer(Delivery.class);
    for (var record : cluster.committed(topics.deliveries())) {
      ids.add(deliveries.deserialize(record.topic(), record.value()).getDeliveryId());
    }
    assertThat(ids).hasSize(expected);
    assertThat(new HashSet<>(ids)).isEqualTo(allIds(written, subscriptions));
    assertThat(cluster.committed(topics.rejected())).isEmpty();
  }

  private static Set<String> allIds(int events, int subscriptions) {
    var all = new HashSet<String>();
    for (int event = 0; event < events; event++) {
      for (int subscription = 0; subscription < subscriptions; subscription++) {
        all.add(DeliveryId.of("evt_" + event, "sub_" + subscription).value());
      }
    }
    return all;
  }

  @Test
  void waitsForTheRegistryAndLosesNothing() throws Exception {
    subscribe(1);
    cluster.write(topics.events(), "m", new byte[] {1, 2, 3});
    int written = write(0, 20);
    var meters = new SimpleMeterRegistry();
    try (var feed = feed()) {
      registry.away(true);
      // With a session this long, nothing would go on if a failed thread did not leave its group.
      try (var role = role(feed, meters)) {
        patiently().atMost(SOON).until(() -> role.health().trouble().isPresent());
        assertThat(role.health().ready()).isFalse();
        patiently()
            .atMost(SOON)
            .until(() -> meters.counter("fanfare.fanout.failures").count() >= 3);
        assertThat(cluster.committed(topics.deliveries())).isEmpty();

        registry.away(false);

        patiently()
            .atMost(SOON)
            .until(() -> cluster.committed(topics.deliveries()).size() >= written);
        patiently().atMost(SOON).until(() -> role.health().ready());
      }
    }
    assertThat(cluster.committed(topics.deliveries())).hasSize(written);
    assertThat(cluster.committed(topics.rejected()))
        .singleElement()
        .satisfies(record -> {
          assertThat(record.value()).isEqualTo(new byte[] {1, 2, 3});
          assertThat(record.headers().lastHeader(RejectedRecord.REASON).value())
              .isEqualTo("unreadable".getBytes(UTF_8));
        });
  }

  @Test
  void followsSubscriptionsAndHandsOverWhenClosed() throws Exception {
    try (var feed = feed()) {
      subscribe(1);
      var later = good("sub_late").build();
      try (var role = role(feed, new SimpleMeterRegistry())) {
        await().atMost(SOON).until(() -> role.health().ready());
        await().atMost(SOON).until(() -> feed.find("sub_0").isPresent());
        int written = write(0, 1);
        await().atMost(SOON).until(() -> cluster.committed(topics.deliveries()).size() == written);

        // When another one subscribes, the next event is also its own
        var at =
            cluster.write(
                topics.subscriptions(),
                later.getId(),
                serdes.<Subscription>serializer().serialize(topics.subscriptions().name(), later));
        assertThat(feed.awaitApplied(at.partition(), at.offset(), SOON)).isTrue();
        write(written, 1);
        await().atMost(SOON).until(() -> cluster.committed(topics.deliveries()).size() == 3);
      }
      // When the role is closed, another takes over long before its session would time out
      write(2, 1);
      try (var _ = role(feed, new SimpleMeterRegistry())) {
        await()
            .atMost(SESSION.dividedBy(2))
            .until(() -> cluster.committed(topics.deliveries()).size() == 5);
      }
    }
  }

  /// Threads of fan-out that fail, and are replaced, are what is tried here.
  private static ConditionFactory patiently() {
    return await().dontCatchUncaughtExceptions();
  }

  private SubscriptionFeed feed() {
    return SubscriptionFeed.start(
        cluster.properties(), topics, serdes, FeedSettings.DEFAULT, new SimpleMeterRegistry());
  }

  private FanoutRole role(SubscriptionFeed feed, SimpleMeterRegistry meters) {
    var kafka = new HashMap<>(cluster.properties());
    kafka.put("consumer.session.timeout.ms", (int) SESSION.toMillis());
    return FanoutRole.start(
        kafka,
        topics,
        new AvroSerdes(RegistrySettings.at(registry.url())),
        feed,
        FanoutSettings.DEFAULT,
        meters);
  }

  private void subscribe(int number) throws InterruptedException, ExecutionException {
    var serializer = serdes.<Subscription>serializer();
    var records = new ArrayList<Map.Entry<String, byte[]>>();
    for (int i = 0; i < number; i++) {
      var stored = good("sub_" + i).build();
      records.add(
          Map.entry(stored.getId(), serializer.serialize(topics.subscriptions().name(), stored)));
    }
    cluster.writeAll(topics.subscriptions(), records);
  }

  /// Writes that many more events; returns how many there are then.
  private int write(int already, int more) throws InterruptedException, ExecutionException {
    var records = new ArrayList<Map.Entry<String, byte[]>>();
    for (int i = already; i < already + more; i++) {
      var one = event("evt_" + i).setMessageId("msg_" + i).build();
      records.add(Map.entry(one.getMessageId(), events.serialize(topics.input(), one)));
    }
    cluster.writeAll(topics.events(), records);
    return already + more;
  }

  /// Committed or not.
  private long endOfDeliveries() throws InterruptedException, ExecutionException {
    try (var admin = Admin.create(cluster.properties())) {
      var asked = new HashMap<TopicPartition, OffsetSpec>();
      for (int partition = 0; partition < PARTITIONS; partition++) {
        asked.put(new TopicPartition(topics.deliveries().name(), partition), OffsetSpec.latest());
      }
      return admin.listOffsets(asked).all().get().values().stream()
          .mapToLong(end -> end.offset())
          .sum();
    }
  }
}

package dev.fanfare.dispatcher.fanout;

import static dev.fanfare.dispatcher.fanout.Samples.event;
import static dev.fanfare.dispatcher.subscription.reading.StoredSubscriptions.good;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.dispatcher.subscription.feed.Cluster;
import dev.fanfare.dispatcher.subscription.feed.FeedSettings;
import dev.fanfare.dispatcher.subscription.feed.SubscriptionFeed;
import dev.fanfare.schemas.avro.Delivery;
import dev.fanfare.schemas.avro.EmailEvent;
import dev.fanfare.schemas.avro.Subscription;
import dev.fanfare.schemas.serde.AvroSerdes;
import dev.fanfare.schemas.serde.RegistrySettings;
import dev.fanfare.schemas.topic.Topics;
import dev.fanfare.testkit.kafka.SharedKafka;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The window in which an event that comes again makes nothing, on a real broker. All events go to
/// one partition, so that what came before another has been dealt with when the other has.
class DeduplicationIT {
  private static final Duration SOON = Duration.ofSeconds(60);

  /// For figures: `-Dfanfare.deduplication.events=300000`, on a machine with nothing else to do.
  private static final int MEASURED = Integer.getInteger("fanfare.deduplication.events", 5_000);

  private static final int REPEATS = Integer.getInteger("fanfare.deduplication.repeats", 1);

  @TempDir private Path directory;
  private final Cluster cluster = Cluster.shared();
  private Admin admin;
  private TinyRegistry registry;
  private AvroSerdes serdes;

  @BeforeEach
  void start() throws IOException {
    admin = Admin.create(cluster.properties());
    registry = new TinyRegistry();
    serdes = new AvroSerdes(RegistrySettings.at(registry.url()));
  }

  @AfterEach
  void stop() {
    registry.close();
    admin.close();
  }

  @Test
  void whatComesAgainWithinTheWindowIsNotDeliveredAndAfterItIs() throws Exception {
    var topics = newTopics();
    var window = Duration.ofSeconds(3);
    var meters = new SimpleMeterRegistry();
    try (var feed = feed(topics);
        var _ = role(topics, feed, window, meters)) {
      // Within it; written at once, so that the window can't be over between
      write(topics, "evt_1", "evt_1", "evt_2");

      awaitDelivered(topics, "evt_2");
      assertThat(delivered(topics)).containsExactly("evt_1", "evt_2");
      assertThat(meters.counter("fanfare.events.suppressed").count()).isOne();

      // After it
      var over = Instant.ofEpochMilli(newest(topics)).plus(window);
      await().atMost(SOON).until(() -> Instant.now().isAfter(over));
      write(topics, "evt_1", "evt_3");

      awaitDelivered(topics, "evt_3");
      assertThat(delivered(topics)).containsExactly("evt_1", "evt_2", "evt_1", "evt_3");
      assertThat(meters.counter("fanfare.events.suppressed").count()).isOne();
    }
  }

  @Test
  void whoeverTakesOverFromOneThatWasKilledAtWorkRemembersWhatItHasFannedOut() throws Exception {
    // Given
    var topics = newTopics();
    var log = directory.resolve("fanout.log");
    var all = IntStream.range(0, 6_000).mapToObj(i -> "evt_" + i).toArray(String[]::new);
    write(topics, all);

    // When it is killed amid its work, and all of it comes again
    try (var process = fanout(topics, log)) {
      await()
          .atMost(SOON)
          .until(() -> !process.isAlive() || end(topics, IsolationLevel.READ_UNCOMMITTED) > 500);
      assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
      process.kill();
    }
    write(topics, all);
    write(topics, "evt_last");

    // Then each was fanned out once: what was remembered was fanned out, and the other way round
    try (var _ = fanout(topics, log)) {
      awaitDelivered(topics, "evt_last");
    }
    var ids = delivered(topics);
    assertThat(ids).hasSize(all.length + 1).doesNotHaveDuplicates();
    assertThat(new HashSet<>(ids)).contains(all);
  }

  /// What the window costs: events a second through fan-out, one subscription, off and on by turns.
  @Test
  void isMeasuredWithAndWithout() throws Exception {
    var off = new ArrayList<Long>();
    var on = new ArrayList<Long>();
    measure(Duration.ZERO); // the JVM learns what it will need
    measure(Duration.ofMinutes(10));
    for (int i = 0; i < REPEATS; i++) {
      off.add(measure(Duration.ZERO));
      on.add(measure(Duration.ofMinutes(10)));
    }
    System.out.printf("events/s through fan-out: without a window %s, with one %s%n", off, on);
    assertThat(off).hasSameSizeAs(on).allMatch(it -> it > 0);
    assertThat(on).allMatch(it -> it > 0);
  }

  /// Events a second, from the first tenth on.
  private long measure(Duration window) throws Exception {
    var topics = newTopics();
    write(topics, IntStream.range(0, MEASURED).mapToObj(i -> "evt_" + i).toArray(String[]::new));
    try (var feed = feed(topics);
        var _ = role(topics, feed, window, new SimpleMeterRegistry())) {
      long from = reach(topics, MEASURED / 10);
      long started = System.nanoTime();
      long to = reach(topics, MEASURED);
      return (to - from) * 1_000_000_000L / (System.nanoTime() - started);
    }
  }

  private long reach(Topics topics, long wanted) {
    return await()
        .atMost(SOON.multipliedBy(3))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> end(topics, IsolationLevel.READ_COMMITTED), end -> end >= wanted);
  }

  private Topics newTopics() throws Exception {
    var prefix = SharedKafka.prefix(DeduplicationIT.class);
    var topics = new Topics(prefix, "email." + prefix + "events");
    cluster.create(
        1,
        topics.events(),
        topics.subscriptions(),
        topics.endpoints(),
        topics.deliveries(),
        topics.rejected());
    var stored = good("sub_1").build();
    var _ =
        cluster.write(
            topics.subscriptions(),
            stored.getId(),
            serdes.<Subscription>serializer().serialize(topics.subscriptions().name(), stored));
    return topics;
  }

  private SubscriptionFeed feed(Topics topics) {
    return SubscriptionFeed.start(
        cluster.properties(), topics, serdes, FeedSettings.DEFAULT, new SimpleMeterRegistry());
  }

  private FanoutRole role(
      Topics topics, SubscriptionFeed feed, Duration window, SimpleMeterRegistry meters) {
    return FanoutRole.start(
        cluster.properties(), topics, serdes, feed, FanoutProcess.remembering(window), meters);
  }

  private FanoutProcess fanout(Topics topics, Path log) throws IOException {
    return FanoutProcess.start(
        cluster.bootstrap(), registry.url(), topics, Duration.ofMinutes(10), log);
  }

  private void write(Topics topics, String... ids) throws InterruptedException, ExecutionException {
    var serializer = serdes.<EmailEvent>serializer();
    cluster.writeAll(
        topics.events(),
        Stream.of(ids)
            .map(id -> Map.entry("msg", serializer.serialize(topics.input(), event(id).build())))
            .toList());
  }

  private void awaitDelivered(Topics topics, String id) {
    await().atMost(SOON.multipliedBy(2)).until(() -> delivered(topics).contains(id));
  }

  /// The events of all committed deliveries, in their order.
  private List<String> delivered(Topics topics) {
    var deserializer = serdes.deserializer(Delivery.class);
    return cluster.committed(topics.deliveries()).stream()
        .map(it -> deserializer.deserialize(it.topic(), it.value()).getEventId())
        .toList();
  }

  /// When the last delivery was made, milliseconds since the epoch.
  private long newest(Topics topics) {
    return cluster.committed(topics.deliveries()).getLast().timestamp();
  }

  private long end(Topics topics, IsolationLevel isolation)
      throws InterruptedException, ExecutionException {
    var partition = new TopicPartition(topics.deliveries().name(), 0);
    return admin
        .listOffsets(Map.of(partition, OffsetSpec.latest()), new ListOffsetsOptions(isolation))
        .partitionResult(partition)
        .get()
        .offset();
  }
}

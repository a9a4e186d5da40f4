package dev.fanfare.dispatcher.log.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.dispatcher.log.entry.DeliveryState;
import dev.fanfare.dispatcher.log.entry.DeliveryStatus;
import dev.fanfare.dispatcher.log.entry.Keys;
import dev.fanfare.dispatcher.log.entry.Keys.Index;
import dev.fanfare.dispatcher.log.entry.LetterGroup;
import dev.fanfare.dispatcher.log.entry.Minute;
import dev.fanfare.dispatcher.log.entry.StateCodec;
import dev.fanfare.dispatcher.log.entry.Sums;
import dev.fanfare.dispatcher.log.ledger.Place;
import dev.fanfare.schemas.avro.Attempt;
import dev.fanfare.schemas.avro.DeadLetter;
import dev.fanfare.schemas.avro.Delivery;
import dev.fanfare.schemas.serde.AvroSerdes;
import dev.fanfare.schemas.serde.RegistrySettings;
import dev.fanfare.schemas.topic.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogTopologyTest {
  private static final Topics TOPICS = Topics.defaults();
  private static final String RUNG = "fanfare.retry.5s";
  private static final Instant NOW = Instant.parse("2026-11-24T06:00:00Z");

  @TempDir private Path directory;
  private final AvroSerdes serdes = new AvroSerdes(RegistrySettings.at("mock://log-topology"));
  private final Purges purges = new Purges();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private Instant now = NOW;
  private TopologyTestDriver driver;

  @BeforeEach
  void start() {
    start(
        new Keeping(
            Duration.ofDays(7), Long.MAX_VALUE, Duration.ofDays(7), Set.of("shy"), Set.of()));
  }

  private void start(Keeping keeping) {
    var properties = new Properties();
    properties.put("application.id", "log");
    properties.put("bootstrap.servers", "127.0.0.1:1");
    properties.put("state.dir", directory.toString());
    properties.put("rocksdb.config.setter", BoundedRocks.class.getName());
    properties.put(BoundedRocks.MEMORY, 16 << 20);
    driver =
        new TopologyTestDriver(
            LogTopology.of(
                TOPICS,
                Map.of(RUNG, "5s"),
                new LogTopology.Parts(
                    new RecordCodec(TOPICS, serdes),
                    keeping,
                    purges,
                    new Tenures(),
                    new LogMetrics(meters),
                    () -> now)),
            properties,
            NOW);
  }

  @AfterEach
  void stop() {
    driver.close();
  }

  private void restart(Keeping keeping) {
    driver.close();
    start(keeping);
  }

  @Test
  void aDeliveryIsOpenedRetriedAndDelivered() {
    opened("dlv_1", 0, NOW);
    assertThat(state("dlv_1").status()).isEqualTo(DeliveryStatus.PENDING);
    assertThat(state("dlv_1").place().orElseThrow().kind()).isEqualTo(Place.Kind.DELIVERIES);

    attempted("dlv_1", 1, "retry", NOW.plusSeconds(5));
    assertThat(state("dlv_1").status()).isEqualTo(DeliveryStatus.RETRYING);
    assertThat(state("dlv_1").place().orElseThrow().kind()).isEqualTo(Place.Kind.ANNOUNCED);

    onRung("dlv_1", 1, NOW.plusSeconds(5));
    assertThat(state("dlv_1").place().orElseThrow().rung()).isEqualTo("5s");
    assertThat(state("dlv_1").dueAt()).contains(NOW.plusSeconds(5).toEpochMilli());

    opened("dlv_1", 1, NOW.plusSeconds(5));
    assertThat(state("dlv_1").place().orElseThrow().kind()).isEqualTo(Place.Kind.DELIVERIES);
    assertThat(open()).hasSize(1);

    attempted("dlv_1", 2, "delivered", null);
    assertThat(state("dlv_1").status()).isEqualTo(DeliveryStatus.DELIVERED);
    assertThat(state("dlv_1").attempts()).isEqualTo(2);
    assertThat(open()).isEmpty();
    var sums = sums();
    assertThat(List.of(sums.opened(), sums.delivered(), sums.held())).containsOnly(1L);
    assertThat(indexed(Index.ALL, "")).isEqualTo(1);
    assertThat(indexed(Index.RECIPIENT, "ann@example.com")).isEqualTo(1);
  }

  @Test
  void aDeferralIsSeenByItsWaitAndCounted() {
    opened("dlv_1", 0, NOW);

    onRung("dlv_1", 0, NOW.plusSeconds(5));

    assertThat(state("dlv_1").status()).isEqualTo(DeliveryStatus.PENDING);
    assertThat(state("dlv_1").place().orElseThrow().rung()).isEqualTo("5s");
    assertThat(minute("ssub_1").deferred()).isEqualTo(1);
  }

  @Test
  void aDeadLetterEndsItAndJoinsItsGroup() {
    for (var id : List.of("dlv_1", "dlv_2")) {
      opened(id, 0, NOW);
      attempted(id, 1, "dead", null);
      assertThat(state(id).place().orElseThrow().kind()).isEqualTo(Place.Kind.DYING);
      died(id, "expired");
    }

    assertThat(state("dlv_1").status()).isEqualTo(DeliveryStatus.DEAD_LETTERED);
    assertThat(state("dlv_1").last().reason()).contains("expired");
    assertThat(open()).isEmpty();
    assertThat(indexed(Index.LETTER, "s/sub_1")).isEqualTo(2);
    assertThat(indexed(Index.FAILED, "dead_lettered/t/acme")).isEqualTo(2);
    assertThat(groups()).singleElement().extracting(LetterGroup::count).isEqualTo(2L);
    assertThat(sums().deadLettered()).isEqualTo(2);
    assertThat(minute("tacme").deadLettered()).isEqualTo(2);
  }

  @Test
  void oneWhoseEndpointWasDeletedIsCancelled() {
    opened("dlv_1", 0, NOW);
    died("dlv_1", "endpoint_deleted");

    assertThat(state("dlv_1").status()).isEqualTo(DeliveryStatus.CANCELLED);
    assertThat(sums().cancelled()).isEqualTo(1);
  }

  @Test
  void attemptsOfWhatWasNeverOpenedStayOnTheList() {
    attempted("dlv_1", 1, "delivered", null);

    assertThat(state("dlv_1").status()).isEqualTo(DeliveryStatus.DELIVERED);
    assertThat(state("dlv_1").place().orElseThrow().kind()).isEqualTo(Place.Kind.UNOPENED);
    assertThat(open()).hasSize(1);
    assertThat(sums().opened()).isZero();

    opened("dlv_1", 0, NOW);

    assertThat(state("dlv_1").place()).isEmpty();
    assertThat(open()).isEmpty();
    assertThat(sums().opened()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void theOrderInWhichTopicsAreReadDoesNotMatter(long seed) {
    var records =
        new ArrayList<Runnable>(
            List.of(
                () -> opened("dlv_1", 0, NOW),
                () -> attempted("dlv_1", 1, "retry", NOW.plusSeconds(5)),
                () -> onRung("dlv_1", 1, NOW.plusSeconds(5)),
                () -> opened("dlv_1", 1, NOW.plusSeconds(5)),
                () -> attempted("dlv_1", 2, "dead", null),
                () -> died("dlv_1", "expired")));
    Collections.shuffle(records, new Random(seed));

    records.forEach(Runnable::run);

    assertThat(state("dlv_1").status()).isEqualTo(DeliveryStatus.DEAD_LETTERED);
    assertThat(state("dlv_1").attempts()).isEqualTo(2);
    assertThat(state("dlv_1").opened()).isTrue();
    assertThat(open()).isEmpty();
    assertThat(indexed(Index.ALL, "")).isEqualTo(1);
    assertThat(indexed(Index.LETTER, "")).isEqualTo(1);
    var sums = sums();
    assertThat(List.of(sums.opened(), sums.deadLettered())).containsOnly(1L);
  }

  @Test
  void theSameAttemptTwiceCountsOnce() {
    opened("dlv_1", 0, NOW);
    attempted("dlv_1", 1, "delivered", null);
    var before = sums();
    attempted("dlv_1", 1, "delivered", null);

    assertThat(minute("ssub_1").attempts()).isEqualTo(1);
    assertThat(sums()).isEqualTo(before);
  }

  @Test
  void whatCannotBeReadIsPassedOver() {
    driver
        .createInputTopic(
            TOPICS.attempts().name(), new StringSerializer(), new ByteArraySerializer())
        .pipeInput("sub_1", new byte[] {1, 2, 3});
    opened("dlv_1", 0, NOW);

    assertThat(state("dlv_1").opened()).isTrue();
    assertThat(meters.counter("fanfare.log.unreadable").count()).isEqualTo(1);
  }

  @Test
  void theOldIsForgottenAndTheOpenIsNot() {
    opened("dlv_done", 0, NOW);
    attempted("dlv_done", 1, "delivered", null);
    opened("dlv_dead", 0, NOW);
    died("dlv_dead", "gone");
    opened("dlv_open", 0, NOW);

    now = NOW.plus(Duration.ofDays(8));
    driver.advanceWallClockTime(Duration.ofSeconds(3));

    assertThat(log().approximateNumEntries()).isNotNegative();
    assertThat(log(Keys.opening("dlv_done"))).isFalse();
    assertThat(log(Keys.attempt("dlv_done", 1))).isFalse();
    assertThat(log(Keys.opening("dlv_open"))).isTrue();
    assertThat(indexed(Index.ALL, "")).isEqualTo(1);
    assertThat(indexed(Index.LETTER, "")).isZero();
    assertThat(sums().held()).isEqualTo(1);
    assertThat(sums().opened()).isEqualTo(3);
  }

  @Test
  void theOldestGoWhenThereIsTooMuch() {
    restart(new Keeping(Duration.ofDays(7), 600, Duration.ofDays(7), Set.of(), Set.of()));
    for (int i = 0; i < 10; i++) {
      opened("dlv_" + i, 0, NOW.plusSeconds(i));
      attempted("dlv_" + i, 1, "delivered", null);
    }

    driver.advanceWallClockTime(Duration.ofSeconds(3));

    assertThat(sums().bytes()).isLessThanOrEqualTo(600);
    assertThat(sums().held()).isPositive();
    assertThat(log(Keys.opening("dlv_0"))).isFalse();
    assertThat(log(Keys.opening("dlv_9"))).isTrue();
  }

  @Test
  void aTenantsDataIsForgottenWhenAsked() {
    opened("dlv_1", 0, NOW);
    died("dlv_1", "gone");
    purges.ask("other", 0);
    purges.ask("acme", 0);

    driver.advanceWallClockTime(Duration.ofSeconds(3));
    driver.advanceWallClockTime(Duration.ofSeconds(3)); // one tenant at a time

    assertThat(purges.isDone("acme", 0)).isTrue();
    assertThat(indexed(Index.ALL, "")).isZero();
    assertThat(groups()).isEmpty();
    assertThat(log(Keys.opening("dlv_1"))).isFalse();
  }

  @Test
  void aShyTenantsRecipientsAndPayloadsAreNotKept() {
    write(
        TOPICS.deliveries().name(),
        "sub_1",
        serdes
            .serializer()
            .serialize(
                TOPICS.deliveries().name(),
                Delivery.newBuilder(delivery("dlv_1", 0, NOW)).setTenant("shy").build()));

    assertThat(state("dlv_1").names().recipient()).isEqualTo(Keeping.REDACTED);
    var kept = log().get(Bytes.wrap(Keys.opening("dlv_1")));
    assertThat(new String(kept, UTF_8)).doesNotContain("ann@example.com").doesNotContain("hello");
  }

  private void opened(String id, int attempts, Instant dueAt) {
    write(TOPICS.deliveries().name(), "sub_1", bytes(delivery(id, attempts, dueAt)));
  }

  private void onRung(String id, int attempts, Instant dueAt) {
    write(RUNG, "sub_1", bytes(delivery(id, attempts, dueAt)));
  }

  private byte[] bytes(Delivery delivery) {
    return serdes.<Delivery>serializer().serialize(TOPICS.deliveries().name(), delivery);
  }

  private void attempted(String id, int number, String outcome, @Nullable Instant dueAt) {
    var attempt =
        Attempt.newBuilder()
            .setAttemptId(id + "-" + number)
            .setDeliveryId(id)
            .setEventId("evt_" + id)
            .setSubscriptionId("sub_1")
            .setTenant("acme")
            .setType("email.delivered")
            .setMessageId("msg_1")
            .setRecipient("ann@example.com")
            .setAttempt(number)
            .setStartedAt(NOW)
            .setOutcome(outcome)
            .setDueAt(dueAt)
            .setStatus(outcome.equals("delivered") ? 200 : 500)
            .setTotalUs(1_000L)
            .setWorker("w")
            .build();
    write(
        TOPICS.attempts().name(),
        "sub_1",
        serdes.<Attempt>serializer().serialize(TOPICS.attempts().name(), attempt));
  }

  private void died(String id, String reason) {
    var letter =
        DeadLetter.newBuilder()
            .setDelivery(delivery(id, 1, NOW))
            .setReason(reason)
            .setDiedAt(NOW.plusSeconds(9))
            .setStatus(500)
            .build();
    write(
        TOPICS.deadLetters().name(),
        "sub_1",
        serdes.<DeadLetter>serializer().serialize(TOPICS.deadLetters().name(), letter));
  }

  private static Delivery delivery(String id, int attempts, Instant dueAt) {
    return Delivery.newBuilder()
        .setDeliveryId(id)
        .setEventId("evt_" + id)
        .setSubscriptionId("sub_1")
        .setTenant("acme")
        .setType("email.delivered")
        .setOccurredAt(NOW)
        .setMessageId("msg_1")
        .setRecipient("ann@example.com")
        .setSchemaVersion("1.0")
        .setFormat("standard")
        .setPayload(ByteBuffer.wrap("{\"hello\":1}".getBytes(UTF_8)))
        .setCreatedAt(attempts == 0 ? dueAt : NOW)
        .setExpiresAt(NOW.plus(Duration.ofHours(24)))
        .setAttempts(attempts)
        .setDueAt(dueAt)
        .build();
  }

  private void write(String topic, String key, byte[] value) {
    driver
        .createInputTopic(topic, new StringSerializer(), new ByteArraySerializer())
        .pipeInput(new TestRecord<>(key, value, NOW));
  }

  private KeyValueStore<Bytes, byte[]> log() {
    return driver.getKeyValueStore(LogTopology.LOG);
  }

  private boolean log(byte[] key) {
    return log().get(Bytes.wrap(key)) != null;
  }

  private KeyValueStore<Bytes, byte[]> states() {
    return driver.getKeyValueStore(LogTopology.STATE);
  }

  private DeliveryState state(String id) {
    return StateCodec.read(states().get(Bytes.wrap(Keys.state(id))));
  }

  private Sums sums() {
    return Sums.read(states().get(Bytes.wrap(Keys.sums())));
  }

  private Minute minute(String scope) {
    var key = Keys.minute(scope, Minute.of(NOW.toEpochMilli()));
    return Minute.read(states().get(Bytes.wrap(key)));
  }

  private List<byte[]> open() {
    return values(states(), Keys.all(Keys.OPEN));
  }

  private List<LetterGroup> groups() {
    return values(states(), Keys.all(Keys.GROUP)).stream().map(LetterGroup::read).toList();
  }

  private int indexed(Index index, String value) {
    return values(log(), Keys.index(index, value)).size();
  }

  private static List<byte[]> values(KeyValueStore<Bytes, byte[]> store, Keys.Range range) {
    var values = new ArrayList<byte[]>();
    try (var all = store.range(Bytes.wrap(range.from()), Bytes.wrap(range.to()))) {
      all.forEachRemaining(each -> values.add(each.value));
    }
    return values;
  }
}

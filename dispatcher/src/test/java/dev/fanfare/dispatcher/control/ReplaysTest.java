package dev.fanfare.dispatcher.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.dispatcher.access.AccessRole;
import dev.fanfare.dispatcher.access.Caller;
import dev.fanfare.dispatcher.subscription.Place;
import dev.fanfare.retry.replay.Orders;
import dev.fanfare.retry.replay.Progress;
import dev.fanfare.retry.replay.ReplayFilter;
import dev.fanfare.retry.replay.ReplayJob;
import dev.fanfare.retry.replay.ReplayKey;
import dev.fanfare.retry.replay.ReplayRecords;
import dev.fanfare.retry.replay.ReplayState;
import dev.fanfare.schemas.avro.Delivery;
import dev.fanfare.schemas.avro.Replay;
import dev.fanfare.schemas.avro.Subscription;
import dev.fanfare.schemas.catalogue.EventCatalogue;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplaysTest {
  private static final Instant NOW = Instant.parse("2026-11-24T06:00:00Z");
  private static final Caller OPS = Caller.BOOTSTRAP;
  private static final Caller ACME = new Caller(AccessRole.TENANT, Optional.of("acme"), "key_acme");
  private static final Caller GLOBEX =
      new Caller(AccessRole.TENANT, Optional.of("globex"), "key_globex");
  private static final byte[] NEW = new byte[0];

  private final FakeWriter writer = new FakeWriter();
  private final Known known = new Known();
  private OriginalDeliveries.Lookup lookup = new OriginalDeliveries.Lookup.Unknown();
  private final Replays replays =
      new Replays(
          known,
          new ControlTopic("replays", writer, known),
          new Replays.Sources(
              new KnownOnes(),
              EventCatalogue.standard(),
              job -> new ReplayCount.Count.Counted(job.filter().tenant().isPresent() ? 30 : 90),
              _ -> lookup),
          10,
          () -> NOW);

  /// What the writer wrote, read back at once.
  private final class Known implements KnownReplays {
    @Override
    public Optional<ReplayJob> find(String id) {
      return Optional.ofNullable(jobs().get(id));
    }

    @Override
    public Collection<ReplayJob> all() {
      return jobs().values();
    }

    private Map<String, ReplayJob> jobs() {
      var jobs = new HashMap<String, ReplayJob>();
      for (var one : writer.written) {
        if (ReplayKey.of(one.key()) instanceof ReplayKey.OfJob(String id)
            && one.value() instanceof Replay record) {
          jobs.put(id, ReplayRecords.job(record));
        }
      }
      return jobs;
    }

    @Override
    public Orders orders(String id) {
      var hold = Orders.Hold.NONE;
      boolean cancel = false;
      for (var one : writer.written) {
        if (ReplayKey.of(one.key()).equals(new ReplayKey.OfHold(id))
            && one.value() instanceof Replay record) {
          hold = ReplayRecords.hold(record);
        }
        cancel |= ReplayKey.of(one.key()).equals(new ReplayKey.OfCancel(id));
      }
      return new Orders(hold, cancel);
    }

    @Override
    public boolean awaitApplied(int partition, long offset, Duration atMost) {
      return true;
    }
  }

  /// `sub_1` of acme, and `sub_off`, which is disabled.
  private static final class KnownOnes implements KnownSubscriptions {
    @Override
    public boolean awaitCurrent(Duration atMost) {
      return true;
    }

    @Override
    public Optional<Subscription> stored(String id) {
      return stored(null, null).filter(it -> it.getId().equals(id)).findFirst();
    }

    @Override
    public Stream<Subscription> stored(@Nullable String tenant, @Nullable Place after) {
      return Stream.of(subscription("sub_1", "active"), subscription("sub_off", "disabled"));
    }

    @Override
    public Collection<String> sealedOtherwise() {
      return List.of();
    }

    @Override
    public boolean awaitApplied(int partition, long offset, Duration atMost) {
      return true;
    }

    private static Subscription subscription(String id, String status) {
      return Subscription.newBuilder()
          .setId(id)
          .setTenant("acme")
          .setUrl("https://example.com")
          .setEventTypes(List.of("*"))
          .setStatus(status)
          .setCreatedAt(NOW)
          .setUpdatedAt(NOW)
          .setSecrets(List.of())
          .build();
    }
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      textBlock =
          """
          letters,      -,       -,         -,       1,      /source
          dead-letters, -,       -,         -,       0,      /rate
          dead-letters, -,       -,         -,       100001, /rate
          dead-letters, sub_9,   -,         -,       1,      /filter/subscription
          dead-letters, sub_off, -,         -,       1,      /filter/subscription
          dead-letters, -,       delivered, -,       1,      /filter/status
          dead-letters, -,       -,         strange, 1,      /filter/reasons
          deliveries,   -,       pending,   -,       1,      /filter/status
          deliveries,   -,       -,         gone,    1,      /filter/reasons
          events,       -,       -,         -,       1,      /filter/subscription
          events,       sub_1,   -,         gone,    1,      /filter/reasons
          dead-letters, sub_1,   -,         gone,    1,      -
          deliveries,   sub_1,   delivered, -,       1,      -
          events,       sub_1,   -,         -,       1,      -
          """)
  void refusesWhatDoesNotApply(
      String source, String subscription, String status, String reason, double rate, String at) {
    var filter =
        filter(
            Optional.ofNullable(subscription),
            Optional.ofNullable(status),
            reason == null ? Set.of() : Set.of(reason));
    var problems = replays.problems(new ReplaySpec(source, filter, Optional.of(rate)), OPS);
    assertThat(problems.stream().map(RequestProblem::pointer))
        .containsExactlyElementsOf(at == null ? List.of() : List.of(at));
    assertThat(replays.create(new ReplaySpec(source, filter, Optional.of(rate)), OPS, NEW))
        .isInstanceOf(at == null ? Change.Done.class : Change.Refused.class);
    assertThat(writer.written).hasSize(at == null ? 1 : 0);
  }

  @Test
  void refusesTheSameAgainWhileItIsUnderWay() {
    var first = made(replays.create(letters(), OPS, NEW)).job();

    assertThat(replays.create(letters(), OPS, NEW))
        .isEqualTo(new Change.Conflict<>(first.id() + " replays the same and is planned"));

    made(replays.create(letters(), ACME, NEW)); // selects less
    writer.written.add(over(first));
    assertThat(made(replays.create(letters(), OPS, NEW)).job().id()).isNotEqualTo(first.id());
  }

  @Test
  void keepsTenantsToTheirOwn() {
    var made = made(replays.create(letters(), ACME, NEW));
    assertThat(made.job().tenant()).contains("acme");
    assertThat(made.job().filter().tenant()).contains("acme");
    assertThat(replays.find(made.job().id(), ACME)).isPresent();
    assertThat(replays.find(made.job().id(), OPS)).isPresent();
    assertThat(replays.find(made.job().id(), GLOBEX)).isEmpty();
    assertThat(replays.cancel(made.job().id(), GLOBEX)).isInstanceOf(Change.Unknown.class);
    assertThat(replays.list("globex", null, 10).items()).isEmpty();
    var foreign = new ReplaySpec("dead-letters", of("sub_1"), Optional.empty());
    assertThat(replays.create(foreign, GLOBEX, NEW)).isInstanceOf(Change.Refused.class);
  }

  @Test
  void makesTheSameOfARequestThatComesAgain() {
    var first = made(replays.create(letters(), OPS, new byte[] {1}));
    assertThat(made(replays.create(letters(), OPS, new byte[] {1})).job()).isEqualTo(first.job());
    assertThat(writer.written).hasSize(1);
    assertThat(made(replays.create(letters(), ACME, new byte[] {1})).job().id())
        .isNotEqualTo(first.job().id());
  }

  @Test
  void estimatesAndWritesNothing() {
    assertThat(replays.estimate(letters(), OPS))
        .isEqualTo(new Change.Done<>(new Replays.Estimate(90, 9)));
    assertThat(replays.estimate(letters(), ACME))
        .isEqualTo(new Change.Done<>(new Replays.Estimate(30, 3)));
    assertThat(writer.written).isEmpty();
  }

  @Test
  void writesWhatIsAskedBesideTheJobAndNeverTheJobItself() {
    var id = made(replays.create(letters(), OPS, NEW)).job().id();
    assertThat(made(replays.resume(id, OPS)).requested()).isEmpty();
    assertThat(made(replays.pause(id, OPS)).requested()).contains("pause");
    assertThat(made(replays.resume(id, OPS)).requested()).isEmpty();
    assertThat(made(replays.cancel(id, OPS)).requested()).contains("cancel");
    assertThat(replays.resume(id, OPS)).isInstanceOf(Change.Conflict.class);
    assertThat(writer.written.stream().map(RecordWriter.Keyed::key))
        .containsExactly(id, id + "/hold", id + "/hold", id + "/cancel");
  }

  @Test
  void refusesToSteerWhatIsOver() {
    var job = made(replays.create(letters(), OPS, NEW)).job();
    writer.written.add(over(job));
    assertThat(replays.pause(job.id(), OPS))
        .isEqualTo(new Change.Conflict<>("the replay is finished"));
    assertThat(replays.cancel(job.id(), OPS)).isInstanceOf(Change.Conflict.class);
    assertThat(replays.pause("rpl_other", OPS)).isInstanceOf(Change.Unknown.class);
  }

  @Test
  void replaysOneDeliveryThatTheLogHas() {
    lookup = new OriginalDeliveries.Lookup.Found(delivery("sub_1"));
    var job = made(replays.again("dlv_1", ACME, NEW)).job();
    assertThat(job.picked()).containsExactly(delivery("sub_1"));
    assertThat(replays.again("dlv_1", GLOBEX, NEW)).isInstanceOf(Change.Unknown.class);

    lookup = new OriginalDeliveries.Lookup.Found(delivery("sub_off"));
    assertThat(replays.again("dlv_1", ACME, NEW)).isInstanceOf(Change.Conflict.class);
    lookup = new OriginalDeliveries.Lookup.Unknown();
    assertThat(replays.again("dlv_1", ACME, NEW)).isInstanceOf(Change.Unknown.class);
  }

  @Test
  void searchesForOneDeliveryWhereTheLogCantBeAsked() {
    lookup = new OriginalDeliveries.Lookup.Unavailable("away");
    var job = made(replays.again("dlv_1", ACME, NEW)).job();
    assertThat(job.picked()).isEmpty();
    assertThat(job.filter()).isEqualTo(ReplayFilter.only(Set.of("dlv_1")).within("acme"));
  }

  @Test
  void saysWhenKafkaIsAway() {
    writer.away = true;
    assertThat(replays.create(letters(), OPS, NEW)).isEqualTo(new Change.Unavailable<>("away"));
  }

  private static RecordWriter.Keyed over(ReplayJob job) {
    var over = job.in(new ReplayState.Finished(Progress.NONE), NOW);
    return new RecordWriter.Keyed(job.id(), ReplayRecords.record(over));
  }

  private static ReplayView made(Change<ReplayView> change) {
    return change instanceof Change.Done<ReplayView>(var view) ? view : throwing(change.toString());
  }

  private static ReplayView throwing(String what) {
    throw new IllegalStateException(what);
  }

  private static ReplaySpec letters() {
    return new ReplaySpec("dead-letters", ReplayFilter.ALL, Optional.empty());
  }

  private static ReplayFilter of(String subscription) {
    return filter(Optional.of(subscription), Optional.empty(), Set.of());
  }

  private static ReplayFilter filter(
      Optional<String> subscription, Optional<String> status, Set<String> reasons) {
    return new ReplayFilter(
        subscription,
        Optional.empty(),
        Set.of(),
        Optional.empty(),
        Optional.empty(),
        status,
        reasons,
        Optional.empty(),
        Optional.empty(),
        Set.of());
  }

  private static Delivery delivery(String subscription) {
    return Delivery.newBuilder()
        .setDeliveryId("dlv_1")
        .setEventId("evt_1")
        .setSubscriptionId(subscription)
        .setTenant("acme")
        .setType("email.bounced")
        .setOccurredAt(NOW)
        .setMessageId("m")
        .setRecipient("ann@example.com")
        .setSchemaVersion("1.0")
        .setFormat("standard")
        .setPayload(ByteBuffer.allocate(0))
        .setCreatedAt(NOW)
        .setExpiresAt(NOW)
        .setDueAt(NOW)
        .build();
  }
}

package dev.fanfare.retry.replay.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.retry.KafkaRig;
import dev.fanfare.retry.replay.Letters;
import dev.fanfare.retry.replay.Redelivery;
import dev.fanfare.retry.replay.ReplayFilter;
import dev.fanfare.retry.replay.ReplayJob;
import dev.fanfare.retry.replay.ReplaySource;
import dev.fanfare.schemas.avro.Delivery;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class ReplayRunnerIT {
  private final KafkaRig kafka = KafkaRig.shared();
  private ReplayRig rig;

  @BeforeEach
  void topics() throws Exception {
    rig = new ReplayRig(kafka, 4);
  }

  @AfterEach
  void close() {
    rig.close();
    kafka.close();
  }

  @Test
  void releasesEachDeadLetterOnceWithANewLifeAndTheSameEvent() throws Exception {
    // Given
    rig.die(1_000);
    rig.ask(ReplayRig.job("rpl_all", ReplayFilter.ALL, 100_000));

    // When
    rig.runner("a");
    rig.awaitState("rpl_all", "finished");

    // Then
    requireEachEventOnce(1_000);
    var progress = rig.find("rpl_all").state().progress();
    assertThat(progress.total()).isEqualTo(1_000);
    assertThat(progress.released()).isEqualTo(1_000);
    assertThat(rig.released())
        .allSatisfy(one -> {
          assertThat(one.getReplayId()).isEqualTo("rpl_all");
          assertThat(one.getAttempts()).isZero();
          assertThat(one.getOriginDeliveryId())
              .isNotEqualTo(one.getDeliveryId())
              .startsWith("dlv_");
          assertThat(one.getExpiresAt()).isAfter(Instant.now().plusSeconds(80_000));
          assertThat(Redelivery.isBeginning(one)).isTrue();
        });
    assertThat(rig.released().stream().map(Delivery::getDeliveryId)).doesNotHaveDuplicates();
  }

  @Test
  void selectsWhatTheFilterSays() throws Exception {
    rig.die(170);
    rig.ask(ReplayRig.job("rpl_one", of("sub_3"), 100_000));
    rig.runner("a");
    rig.awaitState("rpl_one", "finished");
    assertThat(rig.released()).hasSize(10).allMatch(it -> it.getSubscriptionId().equals("sub_3"));
  }

  @Test
  void pausesResumesAndCancels() throws Exception {
    // Given
    rig.die(2_000);
    var job = ReplayRig.job("rpl_held", ReplayFilter.ALL, 200);
    rig.ask(job);
    rig.runner("a");
    rig.awaitReleased("rpl_held", 1);

    // When
    rig.command(job, "pause");
    rig.awaitState("rpl_held", "paused");
    long paused = rig.find("rpl_held").state().progress().released();
    assertThat(rig.released()).hasSize((int) paused);
    rig.command(job, "resume");
    rig.awaitReleased("rpl_held", paused + 1);
    rig.command(job, "cancel");
    rig.command(job, "resume");
    rig.awaitState("rpl_held", "cancelled");

    // Then
    long released = rig.find("rpl_held").state().progress().released();
    assertThat(released).isBetween(paused + 1, 1_999L);
    assertThat(rig.released()).hasSize((int) released);
    assertThat(rig.released().stream().map(Delivery::getEventId)).doesNotHaveDuplicates();
  }

  @Test
  void keepsToItsRate() throws Exception {
    rig.die(400);
    rig.ask(ReplayRig.job("rpl_slow", ReplayFilter.ALL, 100));
    rig.runner("a");
    rig.awaitState("rpl_slow", "finished");
    var times =
        kafka.read(rig.topics.deliveries().name()).stream().map(it -> it.timestamp()).sorted();
    var all = times.toList();
    // 400 less the second that the bucket holds take 3 s at the least; how long at the most is for
    // a machine that does nothing else.
    assertThat(all.getLast() - all.getFirst()).isGreaterThanOrEqualTo(2_900);
  }

  @Test
  void leavesOutWhatDiesAfterItBegan() throws Exception {
    rig.die(300);
    rig.ask(ReplayRig.job("rpl_fixed", ReplayFilter.ALL, 100));
    rig.runner("a");
    rig.awaitReleased("rpl_fixed", 1);
    rig.die(Letters.delivery("sub_1", 5_000).build());
    rig.written();
    rig.awaitState("rpl_fixed", "finished");
    requireEachEventOnce(300);
  }

  @Test
  void releasesOnceWhatWasReplayedAndDiedAgainAlsoWhenAnotherGoesOn() throws Exception {
    // Given: everything stands twice, and every tenth three times
    int count = 300;
    for (int i = 0; i < count; i++) {
      var first = Letters.delivery("sub_" + i % 5, i).build();
      var again = Redelivery.again(first, "rpl_before", Instant.now(), Duration.ofHours(1));
      rig.die(first);
      rig.die(again);
      if (i % 10 == 0) {
        rig.die(Redelivery.again(again, "rpl_later", Instant.now(), Duration.ofHours(1)));
      }
    }
    rig.written();
    rig.ask(ReplayRig.job("rpl_again", ReplayFilter.ALL, 100));

    // When
    var first = rig.runner("a");
    rig.awaitReleased("rpl_again", 1);
    first.close();
    assertThat(rig.find("rpl_again").state().isOver()).isFalse();
    rig.runner("b");
    rig.awaitState("rpl_again", "finished");

    // Then
    requireEachEventOnce(count);
    assertThat(rig.find("rpl_again").state().progress().total()).isEqualTo(count);
    assertThat(rig.find("rpl_again").state().progress().repeats()).isEqualTo(count);
  }

  @Test
  void changesHandsInTheMiddleAndDoublesNothing() throws Exception {
    // Given
    rig.die(2_000);
    for (int i = 0; i < 4; i++) { // on all partitions
      rig.ask(ReplayRig.job("rpl_hands_" + i, ReplayFilter.ALL, 300));
    }
    rig.runner("a");
    for (int i = 0; i < 4; i++) {
      rig.awaitReleased("rpl_hands_" + i, 1);
    }

    // When
    var second = rig.runner("b", rig.anotherBoard("b"));
    for (int i = 0; i < 4; i++) {
      rig.awaitReleased("rpl_hands_" + i, 900);
    }
    second.close();
    for (int i = 0; i < 4; i++) {
      rig.awaitState("rpl_hands_" + i, "finished");
    }

    // Then
    var byJob = rig.released().stream().collect(Collectors.groupingBy(Delivery::getReplayId));
    assertThat(byJob).hasSize(4);
    byJob.values().forEach(of -> requireEachEventOnce(of, 2_000));
  }

  @Test
  void readsDeliveriesOnceHoweverOftenTheyWentRound() throws Exception {
    // Given: made, deferred, tried again, replayed
    for (int i = 0; i < 100; i++) {
      var made = Letters.delivery("sub_1", i).build();
      rig.deliver(made);
      rig.deliver(Delivery.newBuilder(made).setDueAt(made.getCreatedAt().plusSeconds(5)).build());
      rig.deliver(
          Delivery.newBuilder(made)
              .setAttempts(1)
              .setDueAt(made.getCreatedAt().plusSeconds(30))
              .build());
      rig.deliver(Redelivery.again(made, "rpl_before", Instant.now(), Duration.ofHours(1)));
    }
    rig.written();
    var statuses = new AtomicBoolean();
    rig.surroundings =
        new Surroundings(
            _ -> true, all -> delivered(statuses.get(), all), (_, _) -> Optional.empty());
    rig.ask(ReplayRig.job("rpl_log", ReplaySource.DELIVERIES, status("delivered"), 100_000));

    // When
    rig.runner("a");
    await()
        .atMost(ReplayRig.PATIENCE)
        .until(() -> rig.find("rpl_log").error().filter("the log is away"::equals).isPresent());
    statuses.set(true);
    rig.awaitState("rpl_log", "finished");

    // Then
    var replayed =
        rig.released().stream().filter(it -> it.getReplayId().equals("rpl_log")).toList();
    assertThat(replayed).hasSize(50).allMatch(it -> number(it) % 2 == 0);
    assertThat(rig.find("rpl_log").error()).isEmpty();
  }

  @Test
  void leavesOutWhoCanGetNothing() throws Exception {
    rig.die(170);
    rig.surroundings =
        new Surroundings(
            id -> !id.equals("sub_3"), Surroundings.Statuses.NONE, (_, _) -> Optional.empty());
    rig.ask(ReplayRig.job("rpl_gone", ReplayFilter.ALL, 100_000));
    rig.runner("a");
    rig.awaitState("rpl_gone", "finished");
    assertThat(rig.released()).hasSize(160).noneMatch(it -> it.getSubscriptionId().equals("sub_3"));
    assertThat(rig.find("rpl_gone").state().progress().skipped()).isEqualTo(10);
  }

  @Test
  void releasesWhatWasPickedBeforehand() throws Exception {
    var job = ReplayRig.job("rpl_picked", ReplaySource.DELIVERIES, ReplayFilter.ALL, 1);
    var origin = Letters.delivery("sub_1", 7).build();
    rig.ask(
        new ReplayJob(
            job.id(),
            job.tenant(),
            job.source(),
            job.filter(),
            job.rate(),
            job.state(),
            List.of(origin),
            job.trouble(),
            job.createdAt(),
            job.updatedAt()));
    rig.runner("a");
    rig.awaitState("rpl_picked", "finished");
    assertThat(rig.released()).hasSize(1);
    assertThat(rig.released().getFirst().getOriginDeliveryId()).isEqualTo(origin.getDeliveryId());
    assertThat(rig.find("rpl_picked").picked()).isEmpty();
  }

  @Test
  void movesOnOverWhatRetentionHasDeletedMeanwhileAndSaysSo() throws Exception {
    // Given
    rig.die(400);
    var job = ReplayRig.job("rpl_old", ReplayFilter.ALL, 50);
    rig.ask(job);
    var runner = rig.runner("a");
    rig.awaitReleased("rpl_old", 1);
    runner.close();

    // When
    long read = rig.find("rpl_old").state().progress().positions().getOrDefault(0, 0L);
    long end = rig.find("rpl_old").state().progress().ends().getOrDefault(0, 0L);
    try (var admin = Admin.create(kafka.client())) {
      admin
          .deleteRecords(
              Map.of(
                  new TopicPartition(rig.topics.deadLetters().name(), 0),
                  RecordsToDelete.beforeOffset(end)))
          .all()
          .get();
    }
    rig.runner("b");
    rig.awaitState("rpl_old", "finished");

    // Then
    var progress = rig.find("rpl_old").state().progress();
    assertThat(progress.unread()).isEqualTo(end - read).isPositive();
    assertThat(progress.released()).isEqualTo(400 - progress.unread());
    assertThat(rig.released()).hasSize((int) progress.released());
  }

  @Test
  void countsWithoutReleasing() throws Exception {
    rig.die(170);
    var count =
        new SelectionCount(
            rig.client(), rig.topics, rig.serdes, rig.surroundings, ReplaySettings.defaults("c"));
    assertThat(count.of(ReplayRig.job("rpl_dry", of("sub_3"), 1)))
        .isEqualTo(new SelectionCount.Count.Counted(10));
    assertThat(rig.released()).isEmpty();
  }

  private void requireEachEventOnce(int count) {
    requireEachEventOnce(rig.released(), count);
  }

  private static void requireEachEventOnce(List<Delivery> released, int count) {
    assertThat(released.stream().map(ReplayRunnerIT::number).sorted())
        .containsExactlyElementsOf(IntStream.range(0, count).boxed().toList());
  }

  private static int number(Delivery delivery) {
    return Integer.parseInt(delivery.getEventId().substring("evt_".length()));
  }

  private static Map<String, String> delivered(boolean here, Collection<Delivery> deliveries) {
    if (!here) {
      throw new Surroundings.Unavailable("the log is away");
    }
    return new HashSet<>(deliveries)
        .stream()
            .collect(
                Collectors.toMap(
                    Delivery::getDeliveryId,
                    it -> number(it) % 2 == 0 ? "delivered" : "dead_lettered"));
  }

  private static ReplayFilter of(String subscription) {
    return filter(Optional.of(subscription), Optional.empty());
  }

  private static ReplayFilter status(String word) {
    return filter(Optional.empty(), Optional.of(word));
  }

  private static ReplayFilter filter(Optional<String> subscription, Optional<String> status) {
    return new ReplayFilter(
        subscription,
        Optional.empty(),
        Set.of(),
        Optional.empty(),
        Optional.empty(),
        status,
        Set.of(),
        Optional.empty(),
        Optional.empty(),
        Set.of());
  }
}

package dev.fanfare.dispatcher.delivery.worker;

import static dev.fanfare.dispatcher.delivery.worker.WorkerFixture.P0;
import static dev.fanfare.dispatcher.delivery.worker.WorkerFixture.P1;
import static dev.fanfare.dispatcher.delivery.worker.WorkerFixture.member;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.dispatcher.delivery.offset.OffsetTracker;
import dev.fanfare.dispatcher.subscription.Status;
import dev.fanfare.retry.transfer.Settlement;
import dev.fanfare.retry.transfer.Transfer;
import dev.fanfare.schemas.avro.DeadLetter;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WorkerLoopTest {
  private WorkerFixture worker = new WorkerFixture();

  @BeforeEach
  void twoEndpoints() {
    worker.subscriptions.put("sub_a", TestSubscriptions.active("sub_a"));
    worker.subscriptions.put("sub_b", TestSubscriptions.active("sub_b"));
    worker.assign(P0, P1);
  }

  @AfterEach
  void close() throws InterruptedException {
    worker.close();
  }

  @Test
  void settlesADeliveredOneWithItsOffset() throws Exception {
    worker.receive(P0, 0, "sub_a");

    worker.call().answer(200);

    var transfer = worker.transfer();
    assertThat(worker.written(transfer)).containsExactly("fanfare.attempts");
    assertThat(transfer.offsets()).isEqualTo(Map.of(P0, new OffsetAndMetadata(1, "")));
  }

  @Test
  void putsAFailedOneOnItsRungWithItsAttemptCounted() throws Exception {
    worker.receive(P0, 0, "sub_a");

    worker.call().answer(500);

    var transfer = worker.transfer();
    assertThat(worker.written(transfer)).containsExactly("fanfare.attempts", "fanfare.retry.5s");
    var waiting = worker.read(transfer.records().getLast().value());
    assertThat(waiting.getAttempts()).isEqualTo(1);
    assertThat(Duration.between(Instant.now(), waiting.getDueAt()))
        .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(5));
  }

  @Test
  void holdsTheLowWaterMarkBelowWhatIsInFlightAndRemembersTheRest() throws Exception {
    worker.receive(P0, 0, "sub_a");
    var slow = worker.call();
    worker.receive(P0, 1, "sub_b");
    worker.call().answer(200);

    var first = worker.transfer();
    var offset = offset(first);
    assertThat(offset.offset()).isZero();
    var restarted = OffsetTracker.resumed(offset.offset(), offset.metadata());
    assertThat(restarted.received(0)).isTrue();
    assertThat(restarted.received(1)).as("settled before the restart").isFalse();

    worker.commit();
    slow.answer(200);
    assertThat(worker.transfer().offsets()).isEqualTo(Map.of(P0, new OffsetAndMetadata(2, "")));
  }

  @Test
  void doesNotRepeatWhatWasSettledBeforeARestart() throws Exception {
    var before = OffsetTracker.at(0);
    before.received(0);
    before.received(1);
    before.settled(1);
    worker.loop.assigned(
        Map.of(P0, new OffsetAndMetadata(before.lowWater(), before.metadata())), member(2));

    worker.receive(P0, 0, "sub_a");
    worker.receive(P0, 1, "sub_b");

    assertThat(worker.call().post().endpoint()).isEqualTo("sub_a");
    worker.settleDown();
    assertThat(worker.calls).isEmpty();
  }

  @Test
  void hasOneTransferUnderWayAndGathersTheRest() throws Exception {
    worker.receive(P0, 0, "sub_a");
    worker.call().answer(200);
    var first = worker.transfer();
    worker.receive(P0, 1, "sub_a");
    worker.call().answer(200);
    worker.settleDown();
    assertThat(worker.transfers).isEmpty();

    worker.commit();

    assertThat(offset(first).offset()).isEqualTo(1);
    assertThat(offset(worker.transfer()).offset()).isEqualTo(2);
  }

  @Test
  void triesARefusedTransferAgainWithoutThePartitionsThatLeft() throws Exception {
    var refused = transferOfBothPartitions();
    worker.loop.lost(Set.of(P0));
    worker.assign(2);

    worker.loop.result(new Settlement.Refused("the group has moved on"));

    var again = worker.transfer();
    assertThat(again.offsets()).isEqualTo(Map.of(P1, refused.offsets().get(P1)));
    assertThat(again.records()).hasSize(1);
    assertThat(again.group()).extracting(ConsumerGroupMetadata::generationId).isEqualTo(2);
  }

  @Test
  void neverTriesAgainForAPartitionThatLeftAndCameBack() throws Exception {
    transferOfBothPartitions();
    worker.loop.lost(Set.of(P0));
    worker.assign(2, P0);

    worker.loop.result(new Settlement.Refused("the group has moved on"));

    assertThat(worker.transfer().offsets()).containsOnlyKeys(P1);
  }

  private Transfer transferOfBothPartitions() throws InterruptedException {
    worker.receive(P0, 0, "sub_a");
    worker.call().answer(200);
    worker.transfer();
    worker.receive(P0, 1, "sub_a");
    worker.call().answer(200);
    worker.receive(P1, 0, "sub_b");
    worker.call().answer(200);
    worker.settleDown();
    worker.commit();
    var both = worker.transfer();
    assertThat(both.offsets()).containsOnlyKeys(P0, P1);
    return both;
  }

  @Test
  void letsAPartitionGoWhenWhatIsInFlightHasEndedAndIsDurable() throws Exception {
    worker.receive(P0, 0, "sub_a");
    worker.receive(P0, 1, "sub_a");
    var call = worker.call();

    var departed = worker.loop.depart(Set.of(P0), Duration.ofSeconds(30));
    worker.settleDown();
    assertThat(departed).isNotDone();
    call.answer(200);
    var transfer = worker.transfer();
    worker.settleDown();
    assertThat(departed).isNotDone();
    worker.commit();

    assertThat(departed).succeedsWithin(Duration.ofSeconds(10));
    assertThat(offset(transfer).offset()).isEqualTo(1);
    assertThat(worker.calls).as("what only waited is the next owner's").isEmpty();
  }

  @Test
  void cancelsWhatDoesNotEndWithinTheBoundAndSettlesNothingOfIt() throws Exception {
    worker.receive(P0, 0, "sub_a");
    var call = worker.call();

    var departed = worker.loop.depart(Set.of(P0), Duration.ofMillis(50));

    assertThat(departed).succeedsWithin(Duration.ofSeconds(10));
    assertThat(call.reply()).isNotDone();
    assertThat(worker.transfers).isEmpty();
    await().until(() -> worker.loop.heldBytes() == 0);
  }

  @Test
  void settlesNothingOfAPartitionThatIsLost() throws Exception {
    worker.receive(P0, 0, "sub_a");
    var call = worker.call();

    worker.loop.lost(Set.of(P0));
    worker.assign(2, P0);
    worker.receive(P0, 0, "sub_b");
    call.answer(200);
    worker.call().answer(200);

    var transfer = worker.transfer();
    assertThat(transfer.records()).as("the second owner's attempt only").hasSize(1);
    assertThat(offset(transfer).offset()).isEqualTo(1);
  }

  @Test
  void pausesItsPartitionsWhileTheMemoryBudgetIsFullAndResumesThem() throws Exception {
    for (int i = 0; i < 300; i++) { // 2,000 bytes each: more than half of 1 MiB
      worker.receive(P0, i, "sub_a");
    }
    await().until(() -> worker.loop.held().equals(Set.of(P0, P1)));

    for (int i = 0; i < 300; i++) {
      worker.call().answer(200);
    }
    while (worker.loop.heldBytes() > 0) {
      var transfer = worker.transfers.poll(100, TimeUnit.MILLISECONDS);
      if (transfer != null) {
        worker.commit();
      }
    }
    await().until(() -> worker.loop.held().isEmpty());
  }

  @Test
  void startsOnlyCallsThatThereIsRoomForAndGivesEachEndpointItsTurn() throws Exception {
    int endpoints = 20;
    for (int i = 0; i < endpoints; i++) {
      worker.subscriptions.put("sub_" + i, TestSubscriptions.active("sub_" + i));
      worker.receive(P0, 2L * i, "sub_" + i);
      worker.receive(P0, 2L * i + 1, "sub_" + i);
    }
    worker.settleDown();
    int most = worker.loop.inFlight();
    assertThat(most).as("of calls with TLS in half of 1 MiB").isEqualTo(9);
    var open = new HashMap<String, WorkerFixture.Call>();
    for (int i = 0; i < most; i++) {
      var call = worker.call();
      open.put(call.post().endpoint(), call);
    }
    assertThat(open).hasSize(most).containsKeys("sub_0", "sub_" + (most - 1));

    requireNonNull(open.get("sub_0")).answer(200);
    var second = worker.call();
    assertThat(second.post().endpoint()).as("one that answers goes on").isEqualTo("sub_0");
    second.answer(200);
    assertThat(worker.call().post().endpoint()).as("then the first in turn").isEqualTo("sub_9");
    requireNonNull(open.get("sub_1")).answer(500);
    assertThat(worker.call().post().endpoint()).as("and the next").isEqualTo("sub_10");
    assertThat(worker.loop.inFlight()).isEqualTo(most);
  }

  @Test
  void countsCallsInFlightAndWhatWaitsForItsTransaction() throws Exception {
    worker.receive(P0, 0, "sub_a");
    var call = worker.call();
    assertThat(worker.loop.heldBytes()).isEqualTo(2_000 + MemoryBudget.TLS_CALL);

    call.answer(200);

    var transfer = worker.transfer();
    worker.settleDown();
    assertThat(worker.loop.heldBytes()).isEqualTo(MemoryBudget.bytes(transfer.records()));
    worker.commit();
    await().until(() -> worker.loop.heldBytes() == 0);
  }

  @Test
  void startsAgainWhenNobodyKnowsWhetherATransferCommitted() throws Exception {
    worker.receive(P0, 0, "sub_a");
    worker.call().answer(200);
    worker.transfer();
    var cause = new IllegalStateException("fenced");

    worker.loop.result(new Settlement.Broken(cause));

    assertThat(worker.broken).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(cause);
  }

  @Test
  void deadLettersWithoutAnAttemptWhatIsForADisabledSubscription() throws Exception {
    worker.subscriptions.put("sub_a", TestSubscriptions.of("sub_a", Status.DISABLED));

    worker.receive(P0, 0, "sub_a");

    var transfer = worker.transfer();
    assertThat(worker.written(transfer)).containsExactly("fanfare.dead-letters", "fanfare.alerts");

    var dead =
        worker
            .serdes
            .deserializer(DeadLetter.class)
            .deserialize("fanfare.dead-letters", transfer.records().getFirst().value());
    assertThat(dead.getReason()).isEqualTo("endpoint_disabled");
    assertThat(dead.getDelivery().getAttempts()).isZero();
    assertThat(worker.calls).isEmpty();
  }

  @Test
  void parksWhatIsForAPausedOneAndWaitsForOneThatIsNotKnownYet() throws Exception {
    worker.subscriptions.put("sub_a", TestSubscriptions.of("sub_a", Status.PAUSED));

    worker.receive(P0, 0, "sub_a");
    assertThat(worker.written(worker.transfer())).containsExactly("fanfare.retry.5s");
    worker.commit();
    worker.receive(P0, 1, "sub_unknown");

    var transfer = worker.transfer();
    assertThat(worker.written(transfer)).containsExactly("fanfare.retry.5s");
    assertThat(worker.read(transfer.records().getFirst().value()).getAttempts()).isZero();
  }

  @Test
  void keepsAnEndpointThatHangsFromHoldingUpAnother() throws Exception {
    worker.receive(P0, 0, "sub_a");
    var hanging = worker.call();
    for (int i = 1; i <= 200; i++) {
      worker.receive(P0, i, i % 2 == 0 ? "sub_a" : "sub_b");
    }

    for (int i = 0; i < 100; i++) {
      var call = worker.call();
      assertThat(call.post().endpoint()).isEqualTo("sub_b");
      call.answer(200);
    }
    assertThat(hanging.reply()).isNotDone();
  }

  private static OffsetAndMetadata offset(Transfer transfer) {
    return requireNonNull(transfer.offsets().get(P0));
  }
}

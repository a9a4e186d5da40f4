package dev.fanfare.dispatcher.delivery.worker;

import static dev.fanfare.dispatcher.delivery.worker.WorkerFixture.P0;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.dispatcher.subscription.Status;
import dev.fanfare.retry.transfer.Transfer;
import dev.fanfare.schemas.avro.Alert;
import dev.fanfare.schemas.avro.DeadLetter;
import dev.fanfare.schemas.avro.Delivery;
import dev.fanfare.schemas.avro.EndpointState;
import dev.fanfare.schemas.avro.Subscription;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Endpoints that end: what the worker writes down, and what becomes of what waits.
@Timeout(60)
class EndpointWatchTest {
  private final WorkerFixture worker = new WorkerFixture();

  @BeforeEach
  void oneEndpoint() {
    worker.subscriptions.put("sub_a", TestSubscriptions.active("sub_a"));
    worker.stored.put("sub_a", stored(7));
    worker.assign(P0);
  }

  @AfterEach
  void close() throws InterruptedException {
    worker.close();
  }

  @Test
  void givesUpAnEndpointThatIsGoneInTheTransactionThatSettlesTheAttempt() throws Exception {
    worker.receive(P0, 0, "sub_a");

    worker.call().answer(410);

    var transfer = worker.transfer();
    assertThat(worker.written(transfer))
        .containsExactly(
            "fanfare.attempts", "fanfare.dead-letters", "fanfare.endpoints", "fanfare.alerts");
    assertThat(requireNonNull(transfer.offsets().get(P0)).offset()).isEqualTo(1);
    var state = only(transfer, EndpointState.class);
    assertThat(state.getReason()).isEqualTo("gone");
    assertThat(state.getSubscriptionVersion()).as("the one that was called").isEqualTo(7);
    assertThat(state.getDisabledAt()).isNotNull();
    var alert = only(transfer, Alert.class);
    assertThat(alert.getSubscriptionId()).isEqualTo("sub_a");
    assertThat(alert.getTenant()).isEqualTo("acme");
    assertThat(alert.getState()).isEqualTo("fired");
    assertThat(alert.getRule()).isEqualTo("endpoint_disabled");
    assertThat(alert.getSummary()).contains("410");
  }

  @Test
  void doesWhatTheHeaderAsksFor() throws Exception {
    worker.receive(P0, 0, "sub_a");

    worker.call().answer(503, Map.of("webhook-delivery", "disable"));

    var transfer = worker.transfer();
    assertThat(only(transfer, EndpointState.class).getReason()).isEqualTo("asked");
    assertThat(only(transfer, DeadLetter.class).getReason()).isEqualTo("endpoint_disabled");
    assertThat(only(transfer, Alert.class).getSummary()).contains("asked");
  }

  @Test
  void endsOnlyTheDeliveryThatTheEndpointDoesNotWant() throws Exception {
    worker.receive(P0, 0, "sub_a");
    worker.call().answer(400, Map.of("webhook-delivery", "abort-message"));
    var transfer = worker.transfer();
    worker.commit();

    worker.receive(P0, 1, "sub_a");
    worker.call().answer(200);

    assertThat(worker.written(transfer))
        .containsExactly("fanfare.attempts", "fanfare.dead-letters");
    assertThat(only(transfer, DeadLetter.class).getReason()).isEqualTo("aborted");
    assertThat(worker.written(worker.transfer())).containsExactly("fanfare.attempts");
  }

  @Test
  void saysItOnceHoweverManyWereInFlight() throws Exception {
    for (int i = 0; i < 3; i++) { // a limit of three or more
      worker.receive(P0, i, "sub_a");
      worker.call().answer(200);
    }
    worker.receive(P0, 3, "sub_a");
    worker.receive(P0, 4, "sub_a");
    var one = worker.call();
    var two = worker.call();

    one.answer(410);
    two.answer(410);

    await().until(() -> allWritten("fanfare.dead-letters") == 2);
    assertThat(allWritten("fanfare.endpoints")).isEqualTo(1);
    assertThat(allWritten("fanfare.alerts")).isEqualTo(1);
  }

  @Test
  void deadLettersWhatWaitsWithTheReasonOfTheEnd() throws Exception {
    worker.subscriptions.put("sub_a", TestSubscriptions.of("sub_a", Status.DISABLED));
    worker.stored.put("sub_a", disabled("gone"));
    worker.receive(P0, 0, "sub_a");
    assertThat(only(worker.transfer(), DeadLetter.class).getReason()).isEqualTo("gone");
    worker.commit();

    worker.stored.put("sub_a", disabled("failing"));
    worker.receive(P0, 1, "sub_a");
    assertThat(only(worker.transfer(), DeadLetter.class).getReason())
        .isEqualTo("endpoint_disabled");
    worker.commit();

    worker.subscriptions.remove("sub_a");
    var old =
        Delivery.newBuilder(WorkerFixture.delivery("sub_a", "evt_old"))
            .setCreatedAt(Instant.now().minus(Duration.ofMinutes(2)))
            .build();
    worker.receive(P0, 2, old);
    var transfer = worker.transfer();
    assertThat(only(transfer, DeadLetter.class).getReason()).isEqualTo("endpoint_deleted");
    assertThat(only(transfer, Alert.class).getRule()).isEqualTo("endpoint_deleted");
  }

  @Test
  void tellsOfWhatTheOwnerHasStoppedOnceHoweverManyDieAndNotOfWhatWasGivenUp() {
    worker.subscriptions.put("sub_a", TestSubscriptions.of("sub_a", Status.DISABLED));
    worker.stored.put("sub_a", disabled("gone"));
    worker.receive(P0, 0, "sub_a");
    await().until(() -> allWritten("fanfare.dead-letters") == 1);
    assertThat(allWritten("fanfare.alerts")).as("it was told when it was given up").isZero();

    worker.stored.put("sub_a", disabled("by hand"));
    worker.receive(P0, 1, "sub_a");
    worker.receive(P0, 2, "sub_a");
    await().until(() -> allWritten("fanfare.dead-letters") == 3);
    assertThat(allWritten("fanfare.alerts")).isEqualTo(1);
  }

  @Test
  void clearsALaneThatHasNoSlotFreeWhenItsOwnerDisablesIt() throws Exception {
    worker.receive(P0, 0, "sub_a");
    var hanging = worker.call();
    worker.receive(P0, 1, "sub_a");
    worker.receive(P0, 2, "sub_a");
    worker.settleDown();
    assertThat(worker.transfers).isEmpty();

    worker.subscriptions.put("sub_a", TestSubscriptions.of("sub_a", Status.DISABLED));

    var transfer = worker.transfer();
    assertThat(worker.written(transfer))
        .containsExactlyInAnyOrder(
            "fanfare.dead-letters", "fanfare.dead-letters", "fanfare.alerts");
    assertThat(only(transfer, Alert.class).getSummary()).contains("disabled by its owner");
    assertThat(hanging.reply()).isNotDone();
    assertThat(worker.calls).isEmpty();
  }

  @Test
  void anAnswerToAnOlderVersionSaysNothingOfTheNewOne() throws Exception {
    worker.receive(P0, 0, "sub_a");
    var first = worker.call();
    worker.stored.put("sub_a", stored(8)); // its owner has just mended the URL

    first.answer(410);

    assertThat(only(worker.transfer(), EndpointState.class).getSubscriptionVersion()).isEqualTo(7);
  }

  @Test
  void takesBackWhatTheWorkerBeforeHadAgainstAnEndpointThatWorks() throws Exception {
    worker.endpoints.put(
        "sub_a",
        EndpointState.newBuilder()
            .setSubscriptionId("sub_a")
            .setSubscriptionVersion(7)
            .setFailingSince(Instant.EPOCH)
            .build());
    worker.receive(P0, 0, "sub_a");

    worker.call().answer(200);

    var transfer = worker.transfer();
    assertThat(worker.written(transfer)).containsExactly("fanfare.attempts", "fanfare.endpoints");
    assertThat(transfer.records().getLast().value()).isNull();
    worker.commit();
    worker.receive(P0, 1, "sub_a");
    worker.call().answer(200);
    assertThat(worker.written(worker.transfer())).as("once").containsExactly("fanfare.attempts");
  }

  @Test
  void anEndpointWhosePartitionCameBackIsCalledSlowlyAgain() throws Exception {
    for (int i = 0; i < 8; i++) {
      worker.receive(P0, i, "sub_a");
      worker.call().answer(200);
    }
    worker.loop.lost(Set.of(P0));
    worker.assign(2, P0);
    worker.settleDown();

    for (int i = 0; i < 4; i++) {
      worker.receive(P0, i, "sub_a");
    }

    worker.settleDown();
    assertThat(worker.calls).as("one at first").hasSize(1);
  }

  private long allWritten(String topic) {
    Transfer transfer;
    while ((transfer = worker.transfers.poll()) != null) {
      worker.commit();
      written.addAll(transfer.records());
    }
    return written.stream().filter(record -> record.topic().equals(topic)).count();
  }

  private final List<ProducerRecord<byte[], byte[]>> written = new ArrayList<>();

  private <V extends SpecificRecord> V only(Transfer transfer, Class<V> type) {
    var topic =
        worker.topics.fixed().stream().filter(it -> it.value() == type).findFirst().orElseThrow();
    var values =
        transfer.records().stream()
            .filter(record -> record.topic().equals(topic.name()))
            .map(ProducerRecord::value)
            .toList();
    assertThat(values).hasSize(1);
    return worker.serdes.deserializer(type).deserialize(topic.name(), values.getFirst());
  }

  private static Subscription stored(long version) {
    return Subscription.newBuilder(TestSubscriptions.stored("sub_a")).setVersion(version).build();
  }

  private static Subscription disabled(String reason) {
    return Subscription.newBuilder(stored(7)).setStatus("disabled").setStatusReason(reason).build();
  }
}

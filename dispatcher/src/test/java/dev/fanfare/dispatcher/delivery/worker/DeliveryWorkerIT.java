package dev.fanfare.dispatcher.delivery.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.schemas.avro.Delivery;
import dev.fanfare.testkit.kafka.EmbeddedKafka;
import dev.fanfare.testkit.kafka.SharedKafka;
import dev.fanfare.testkit.receiver.Answer;
import dev.fanfare.testkit.receiver.Received;
import dev.fanfare.testkit.receiver.Receiver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The worker on a real broker and real sockets.
@Timeout(120)
class DeliveryWorkerIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Receiver receiver = Receiver.start();
  private final List<WorkersUnderTest> started = new ArrayList<>();

  @AfterEach
  void close() {
    started.forEach(WorkersUnderTest::close);
    receiver.close();
  }

  @Test
  void deliversEveryOneOnceAndSettlesIt() throws Exception {
    var workers = on(SharedKafka.bootstrap());
    var deliveries = deliveries(workers, 40, 3_000);
    var worker = workers.start("w1");

    workers.publish(deliveries);

    receiver.keep(10_000);
    await().atMost(PATIENCE).until(() -> workers.settled() == 3_000);
    allOnce(3_000);
    worker.close();
    assertThat(worker.trouble()).isEmpty();
  }

  @Test
  void repeatsNothingAcrossRebalancesAndRestartsInGoodOrder() throws Exception {
    var workers = on(SharedKafka.bootstrap());
    receiver.answer(Answer.OK.after(Duration.ofMillis(5)));
    receiver.keep(10_000);
    var deliveries = deliveries(workers, 40, 4_000);
    var first = workers.start("w1");
    workers.publish(deliveries);
    receiver.await(300, PATIENCE);

    var second = workers.start("w2");
    receiver.await(1_500, PATIENCE);
    first.close();
    receiver.await(2_000, PATIENCE);
    second.close();
    workers.start("w3");

    await().atMost(PATIENCE).until(() -> workers.settled() == 4_000);
    allOnce(4_000);
  }

  @Test
  void repeatsNothingWhenAnotherWorkerJoinsInTheMiddleOfTheWork() throws Exception {
    var workers = on(SharedKafka.bootstrap());
    receiver.answer(Answer.OK.after(Duration.ofMillis(20)));
    receiver.keep(20_000);
    var deliveries = deliveries(workers, 40, 12_000);
    workers.start("w1");
    workers.publish(deliveries.subList(0, 6_000));
    receiver.await(300, PATIENCE);

    workers.start("w2");
    await().atMost(PATIENCE).until(() -> workers.partitionsOf("w2") > 0);
    workers.publish(deliveries.subList(6_000, 12_000));

    await().atMost(PATIENCE).until(() -> workers.settled() >= 12_000);
    allOnce(12_000);
    assertThat(workers.workersIn(attempts(workers))).containsExactlyInAnyOrder("w1", "w2");
  }

  @Test
  void keepsWorkingOverABrokerThatGoesAwayAndComesBack(@TempDir Path directory) throws Exception {
    var broker = EmbeddedKafka.start(directory);
    int port = Integer.parseInt(broker.bootstrap().substring("127.0.0.1:".length()));
    var workers = on(broker.bootstrap());
    receiver.answer(Answer.OK.after(Duration.ofMillis(5)));
    receiver.keep(10_000);
    workers.publish(deliveries(workers, 40, 3_000));
    workers.start("w1");
    receiver.await(500, PATIENCE);

    broker.close();
    var again = EmbeddedKafka.start(directory, port, Map.of());

    try {
      await().atMost(PATIENCE).until(() -> workers.settled() >= 3_000);
      int attempted = workers.committed(attempts(workers));
      System.out.printf(
          "a broker was away: %d of 3,000 posted again%n", receiver.count() - attempted);
      assertThat(workers.settled())
          .as("settled exactly once, however often it was posted")
          .isEqualTo(3_000);
      assertThat(counts(receiver.requests())).hasSize(3_000);
    } finally {
      workers.close();
      started.clear();
      again.close();
    }
  }

  @Test
  void givesAFailedOneItsRungAndOneThatIsNoDeliveryItsPlaceAmongTheRejected() throws Exception {
    var workers = on(SharedKafka.bootstrap());
    receiver.answer(Answer.status(503).header("Retry-After", "20"));
    workers.start("w1");

    workers.publish("sub_0".getBytes(UTF_8), "no delivery".getBytes(UTF_8));
    workers.publish(deliveries(workers, 1, 1));

    await()
        .atMost(PATIENCE)
        .until(() -> workers.committed(workers.topics.prefix() + "retry.5s") == 1);
    var waiting =
        workers
            .serdes
            .deserializer(Delivery.class)
            .deserialize("x", workers.read(workers.topics.prefix() + "retry.5s").getFirst());
    assertThat(waiting.getAttempts()).isEqualTo(1);
    assertThat(Duration.between(waiting.getCreatedAt(), waiting.getDueAt()))
        .isGreaterThanOrEqualTo(Duration.ofSeconds(20));
    assertThat(workers.read(workers.topics.rejected().name()))
        .containsExactly("no delivery".getBytes(UTF_8));
  }

  private WorkersUnderTest on(String bootstrap) throws Exception {
    var workers = new WorkersUnderTest(bootstrap, SharedKafka.prefix(DeliveryWorkerIT.class));
    started.add(workers);
    return workers;
  }

  private List<Delivery> deliveries(WorkersUnderTest workers, int endpoints, int count) {
    for (int i = 0; i < endpoints; i++) {
      workers.subscribe("sub_" + i, receiver.url("/sub_" + i));
    }
    var all = new ArrayList<Delivery>();
    for (int i = 0; i < count; i++) {
      all.add(WorkerFixture.delivery("sub_" + i % endpoints, "evt_" + i));
    }
    return all;
  }

  private static String attempts(WorkersUnderTest workers) {
    return workers.topics.attempts().name();
  }

  private void allOnce(int of) {
    assertThat(counts(receiver.requests()))
        .hasSize(of)
        .allSatisfy((_, posts) -> assertThat(posts).isEqualTo(1));
  }

  private static Map<String, Integer> counts(List<Received> requests) {
    var counts = new HashMap<String, Integer>();
    for (var request : requests) {
      counts.merge(request.header("webhook-id").orElseThrow(), 1, Integer::sum);
    }
    return counts;
  }
}

package dev.fanfare.dispatcher.delivery.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.dispatcher.delivery.lane.LaneSettings;
import dev.fanfare.schemas.avro.Delivery;
import dev.fanfare.testkit.kafka.SharedKafka;
import dev.fanfare.testkit.receiver.Answer;
import dev.fanfare.testkit.receiver.HostileReceiver;
import dev.fanfare.testkit.receiver.Received;
import dev.fanfare.testkit.receiver.Receiver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// One worker on real threads and sockets, some of whose endpoints hang and some of whose refuse:
/// the others get all that is theirs, while every call that hangs still hangs.
///
/// What waits for the sick is many times what the worker may hold in memory, and comes before most
/// of what is for the well, on the same partitions. So it does not suffice to make the calls side
/// by side: a worker that kept what waits for the sick would hold its partitions until they are
/// done.
@Timeout(180)
class IsolationIT {
  private static final int WELL = 30;
  private static final int HANGING = 6;
  private static final int REFUSING = 4;
  private static final int FOR_EACH_WELL = 40;
  private static final int FOR_EACH_SICK = 600;
  private static final long MEMORY = 4L << 20;
  private static final Duration LONGEST_CALL = Duration.ofSeconds(30);
  private static final Duration PATIENCE = Duration.ofSeconds(100);

  private final CountDownLatch released = new CountDownLatch(1);
  private final Map<String, Integer> hung = new ConcurrentHashMap<>();
  private final Receiver well = Receiver.start();
  private final Receiver hanging = Receiver.start();

  @Test
  void theWellGetAllThatIsTheirsWhileTheSickHang() throws Exception {
    var workers =
        new WorkersUnderTest(SharedKafka.bootstrap(), SharedKafka.prefix(IsolationIT.class));
    try {
      // Given
      well.keep(WELL * FOR_EACH_WELL);
      hanging.keep(0);
      hanging.answer(this::hang);
      for (int i = 0; i < WELL; i++) {
        workers.subscribe("well_" + i, well.url("/well_" + i));
      }
      for (int i = 0; i < HANGING; i++) {
        workers.subscribe("hanging_" + i, hanging.url("/hanging_" + i), LONGEST_CALL);
      }
      for (int i = 0; i < REFUSING; i++) {
        workers.subscribe("refusing_" + i, HostileReceiver.refusing());
      }
      var deliveries = deliveries();
      assertThat(
              (long) deliveries.size() * dev.fanfare.dispatcher.delivery.worker.Received.OVERHEAD)
          .as("against what deliveries may take of it")
          .isGreaterThan(3 * MEMORY / 2);
      workers.publish(deliveries);

      // When
      workers.start("w1", MEMORY, LONGEST_CALL, LaneSettings.DEFAULT);

      // Then
      well.await((long) WELL * FOR_EACH_WELL, PATIENCE);
      var attempted = workers.attempted();
      assertThat(hung).as("each of them hangs").hasSize(HANGING);
      assertThat(hung.values()).as("in its first call").containsOnly(1);
      assertThat(attempted.keySet()).noneMatch(it -> it.startsWith("hanging"));
      assertThat(counts(well.requests())).hasSize(WELL * FOR_EACH_WELL);
      assertThat(counts(well.requests()).values()).as("each once").containsOnly(1);
    } finally {
      released.countDown();
      workers.close();
      well.close();
      hanging.close();
    }
  }

  /// Those of the sick first, and the others strewn among the second half of them.
  private static List<Delivery> deliveries() {
    var sick = new ArrayList<Delivery>();
    for (int i = 0; i < FOR_EACH_SICK; i++) {
      for (int j = 0; j < HANGING; j++) {
        sick.add(WorkerFixture.delivery("hanging_" + j, "evt_h" + j + "_" + i));
      }
      for (int j = 0; j < REFUSING; j++) {
        sick.add(WorkerFixture.delivery("refusing_" + j, "evt_r" + j + "_" + i));
      }
    }
    var all = new ArrayList<>(sick.subList(0, sick.size() / 2));
    var mixed = new ArrayList<>(sick.subList(sick.size() / 2, sick.size()));
    for (int i = 0; i < FOR_EACH_WELL; i++) {
      for (int j = 0; j < WELL; j++) {
        mixed.add(WorkerFixture.delivery("well_" + j, "evt_w" + j + "_" + i));
      }
    }
    Collections.shuffle(mixed, new Random(1));
    all.addAll(mixed);
    return all;
  }

  private Answer hang(Received request) {
    hung.merge(request.target(), 1, Integer::sum);
    try {
      released.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Answer.OK;
  }

  private static Map<String, Integer> counts(List<Received> requests) {
    var counts = new HashMap<String, Integer>();
    for (var request : requests) {
      counts.merge(request.header("webhook-id").orElseThrow(), 1, Integer::sum);
    }
    return counts;
  }
}

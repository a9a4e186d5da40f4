package dev.fanfare.dispatcher.delivery.worker;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.schemas.avro.Delivery;
import dev.fanfare.testkit.kafka.SharedKafka;
import dev.fanfare.testkit.process.ChildProcess;
import dev.fanfare.testkit.process.Launch;
import dev.fanfare.testkit.receiver.HostileReceiver;
import dev.fanfare.testkit.receiver.Misbehaviour;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// However much waits and however many requests hang, a worker takes no more heap than its budget,
/// besides what its clients of Kafka take at any load and what it remembers of each endpoint: here
/// in a JVM that could not hold what waits. `make memory` has 1,000,000 wait and 10,000 hang.
@Timeout(900)
class MemoryIT {
  private static final int WAITING = Integer.getInteger("fanfare.memory.waiting", 70_000);
  private static final int HANGING = Integer.getInteger("fanfare.memory.hanging", 500);
  private static final long BUDGET = Integer.getInteger("fanfare.memory.mib", 32) * (1L << 20);
  private static final int LOOKS = Integer.getInteger("fanfare.memory.looks", 8);

  /// What the clients of Kafka hold whatever the load: a producer's buffer (32 MiB), what a
  /// consumer has fetched ahead of six partitions.
  private static final long CLIENTS = 48L << 20;

  /// What is kept of an endpoint: its lane.
  private static final long ENDPOINTS = (HANGING * 2L) << 10;

  private static final long BOUND = BUDGET + CLIENTS + ENDPOINTS;

  /// For the program itself, its subscriptions, and what is garbage at the moment.
  private static final long REST_MIB = 64L + HANGING / 200;

  /// By how much the deliveries of one poll may exceed the budget.
  private static final long POLL = 4L << 20;

  private static final Duration ENOUGH = Duration.ofMinutes(10);
  private static final int BATCH = 10_000;

  @TempDir Path directory;

  @Test
  void whatWaitsAndWhatHangsStaysWithinTheBudget() throws Exception {
    var prefix = SharedKafka.prefix(MemoryIT.class);
    var workers = new WorkersUnderTest(SharedKafka.bootstrap(), prefix);
    try (var hanging = HostileReceiver.start(Misbehaviour.HANG_AFTER_REQUEST)) {
      // Given
      assertThat((long) WAITING * Received.OVERHEAD).isGreaterThan(2 * BUDGET);
      publish(workers);

      // When
      var log = directory.resolve("worker.log");
      try (var worker = ChildProcess.start(launch(prefix, hanging.url().getPort(), log))) {
        await().atMost(ENOUGH).until(() -> !worker.isAlive());
      }

      // Then
      var figures = figures(log);
      assertThat(figures).as(Files.readString(log)).containsKeys("before", "in_flight", "most");
      long more = figure(figures, "most") - figure(figures, "before");
      System.out.printf(
          "memory: %,d wait, %,d hang: %,d KiB of heap more than before; held to %,d KiB of a"
              + " budget of %,d KiB%n",
          WAITING,
          figure(figures, "in_flight"),
          more >> 10,
          figure(figures, "held") >> 10,
          BUDGET >> 10);
      assertThat(figure(figures, "in_flight")).isGreaterThan(HANGING * 9 / 10);
      assertThat(figure(figures, "held")).as("in the worker's own books").isLessThan(BUDGET + POLL);
      assertThat(more).isLessThan(BOUND);
    } finally {
      workers.close();
    }
  }

  private static void publish(WorkersUnderTest workers) throws Exception {
    for (int from = 0; from < WAITING; from += BATCH) {
      var batch = new ArrayList<Delivery>(BATCH);
      for (int i = from; i < Math.min(WAITING, from + BATCH); i++) {
        batch.add(WorkerFixture.delivery(WorkerInLittleMemory.endpoint(i % HANGING), "evt_" + i));
      }
      workers.publish(batch);
    }
  }

  private Launch launch(String prefix, int port, Path log) {
    return new Launch(
        "a worker in little memory",
        WorkerInLittleMemory.class.getName(),
        Launch.ourClassPath(),
        Stream.of(
                List.of(
                    "-XX:+UseSerialGC",
                    "-XX:+ExitOnOutOfMemoryError",
                    "-Xmx" + (REST_MIB + (BOUND >> 20)) + "m"),
                Launch.KAFKA_FLAGS)
            .flatMap(List::stream)
            .toList(),
        List.of(
            SharedKafka.bootstrap(),
            prefix,
            Integer.toString(port),
            Integer.toString(HANGING),
            Long.toString(BUDGET),
            Integer.toString(LOOKS)),
        Map.of(),
        directory,
        log);
  }

  private static Map<String, Long> figures(Path log) throws IOException {
    var figures = new HashMap<String, Long>();
    for (var line : Files.readAllLines(log)) {
      if (line.startsWith(WorkerInLittleMemory.FIGURE)) {
        var figure = line.substring(WorkerInLittleMemory.FIGURE.length());
        int end = figure.indexOf(' ');
        figures.put(figure.substring(0, end), Long.parseLong(figure.substring(end + 1)));
      }
    }
    return figures;
  }

  private static long figure(Map<String, Long> figures, String name) {
    return requireNonNull(figures.get(name), name);
  }
}

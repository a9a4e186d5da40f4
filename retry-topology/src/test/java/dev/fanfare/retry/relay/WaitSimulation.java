package dev.fanfare.retry.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.retry.ladder.DelayLadder;
import dev.fanfare.retry.ladder.RetrySchedule;
import dev.fanfare.retry.ladder.Rung;
import dev.fanfare.retry.relay.RungGate.WaitUntil;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Days of waiting in milliseconds: rungs of two partitions, each a queue whose head alone is
/// looked at, appends and looks that take some milliseconds, and one clock.
///
/// After every release: not before due, late by less than the shortest rung and the time that the
/// machinery takes, and few hops.
class WaitSimulation {
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
  private static final DelayLadder LADDER = DelayLadder.DEFAULT;
  private static final int PARTITIONS = 2;
  private static final int SLOWEST_APPEND_MS = 60;
  private static final int SLOWEST_LOOK_MS = 25;
  private static final Duration MACHINERY =
      Duration.ofMillis(2L * (SLOWEST_APPEND_MS + SLOWEST_LOOK_MS));

  private Random dice = new Random(0);
  private final Map<Rung, List<ArrayDeque<Waiting>>> rungs = new HashMap<>();
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparing(Event::at).thenComparingLong(Event::number));
  private final List<Waiting> released = new ArrayList<>();
  private Instant now = START;
  private long number;

  WaitSimulation() {
    for (var rung : LADDER.rungs()) {
      var partitions = new ArrayList<ArrayDeque<Waiting>>();
      for (int i = 0; i < PARTITIONS; i++) {
        partitions.add(new ArrayDeque<>());
      }
      rungs.put(rung, partitions);
    }
  }

  private record Event(Instant at, long number, Runnable what) {}

  private static final class Waiting {
    final int partition;
    final Instant dueAt;
    final Runnable then;
    Stay stay;
    Instant releasedAt = Instant.MAX;
    int hops;

    Waiting(int partition, Instant dueAt, Runnable then) {
      this.partition = partition;
      this.then = then;
      this.dueAt = dueAt;
      this.stay = new Stay(Instant.EPOCH, Optional.of(dueAt));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void anyWaitUpToADayIsNeverEarlyHardlyLateAndTakesFewHops(long seed) {
    dice = new Random(seed);
    run(5_000, seed % 2 == 0);
  }

  @Test
  void alsoUnderASeedOfTheDay() {
    long seed = System.nanoTime();
    System.out.println("WaitSimulation seed " + seed);
    dice = new Random(seed);
    run(5_000, true);
  }

  private void run(int count, boolean skewed) {
    for (int i = 0; i < count; i++) {
      var begin = START.plusMillis(dice.nextLong(Duration.ofHours(6).toMillis()));
      long most = Duration.ofHours(24).toMillis();
      long wait =
          skewed
              ? (long) Math.exp(dice.nextDouble() * Math.log((double) most))
              : dice.nextLong(most);
      at(
          begin,
          () ->
              descend(new Waiting(dice.nextInt(PARTITIONS), now.plusMillis(wait), () -> {}), now));
    }
    play();
    assertThat(released).hasSize(count);
    for (var one : released) {
      var late = Duration.between(one.dueAt, one.releasedAt);
      assertThat(late).isGreaterThanOrEqualTo(Duration.ZERO);
      assertThat(late).isLessThan(LADDER.shortest().delay().plus(MACHINERY));
      assertThat(one.hops).isBetween(1, 26);
    }
  }

  @Test
  void theDefaultScheduleMakesItsTwelveAttemptsOnTime() {
    var schedule = RetrySchedule.DEFAULT;
    var attempts = new ArrayList<Instant>();
    attempt(schedule, attempts);
    play();

    assertThat(attempts).hasSize(12);
    var ideal = START;
    for (int i = 1; i < attempts.size(); i++) {
      var wait = schedule.waits().get(i - 1);
      assertThat(Duration.between(attempts.get(i - 1), attempts.get(i)))
          .isBetween(wait, wait.plus(MACHINERY));
      ideal = ideal.plus(wait);
    }
    assertThat(Duration.between(START, ideal)).isEqualTo(Duration.parse("PT23H42M35S"));
    assertThat(Duration.between(ideal, attempts.getLast()))
        .isBetween(Duration.ZERO, MACHINERY.multipliedBy(11));
    assertThat(released).allSatisfy(one -> assertThat(one.hops).isOne());
  }

  private void attempt(RetrySchedule schedule, List<Instant> attempts) {
    attempts.add(now);
    schedule
        .next(attempts.size(), now)
        .ifPresent(dueAt -> descend(new Waiting(0, dueAt, () -> attempt(schedule, attempts)), now));
  }

  /// A worker or the relay decides now; the broker appends a little later.
  private void descend(Waiting waiting, Instant decided) {
    var rung = LADDER.rungFor(Duration.between(decided, waiting.dueAt));
    at(now.plusMillis(1 + dice.nextInt(SLOWEST_APPEND_MS)), () -> append(rung, waiting));
  }

  private void append(Rung rung, Waiting waiting) {
    waiting.hops++;
    waiting.stay = new Stay(now, Optional.of(waiting.dueAt));
    var line = partition(rung, waiting.partition);
    line.addLast(waiting);
    if (line.size() == 1) {
      look(rung, line);
    }
  }

  private void look(Rung rung, ArrayDeque<Waiting> line) {
    while (!line.isEmpty()) {
      var head = line.getFirst();
      if (RungGate.at(head.stay, rung.delay(), now) instanceof WaitUntil(Instant opens)) {
        at(opens.plusMillis(dice.nextInt(SLOWEST_LOOK_MS)), () -> look(rung, line));
        return;
      }
      line.removeFirst();
      switch (Hop.of(head.stay, LADDER, now)) {
        case Hop.Release _ -> {
          head.releasedAt = now;
          released.add(head);
          head.then.run();
        }
        case Hop.Descend(Rung _) -> descend(head, now);
      }
    }
  }

  private ArrayDeque<Waiting> partition(Rung rung, int number) {
    return rungs.getOrDefault(rung, List.of()).get(number);
  }

  private void at(Instant instant, Runnable what) {
    events.add(new Event(instant, number++, what));
  }

  private void play() {
    for (var event = events.poll(); event != null; event = events.poll()) {
      now = event.at();
      event.what().run();
    }
  }
}

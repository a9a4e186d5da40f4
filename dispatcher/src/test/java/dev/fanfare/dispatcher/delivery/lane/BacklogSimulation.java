package dev.fanfare.dispatcher.delivery.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.dispatcher.delivery.lane.LaneStep.Idle;
import dev.fanfare.dispatcher.delivery.lane.LaneStep.NoRoom;
import dev.fanfare.dispatcher.delivery.lane.LaneStep.Shed;
import dev.fanfare.dispatcher.delivery.lane.LaneStep.Start;
import dev.fanfare.dispatcher.delivery.lane.LaneStep.WaitUntil;
import dev.fanfare.retry.ladder.DelayLadder;
import dev.fanfare.retry.ladder.Rung;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.PriorityQueue;
import org.junit.jupiter.api.Test;

/// A backlog for one endpoint under a simulated clock: how often does a delivery hop from rung to
/// rung until its turn has come?
class BacklogSimulation {
  private static final int BACKLOG = 1_000_000;
  private static final int PER_SECOND = 100;
  private static final long ATTEMPT_MS = 20;
  private static final DelayLadder LADDER =
      new DelayLadder(
          List.of(
              new Rung("1s", Duration.ofSeconds(1)),
              new Rung("5s", Duration.ofSeconds(5)),
              new Rung("30s", Duration.ofSeconds(30)),
              new Rung("2m", Duration.ofMinutes(2)),
              new Rung("10m", Duration.ofMinutes(10)),
              new Rung("30m", Duration.ofMinutes(30)),
              new Rung("1h", Duration.ofHours(1)),
              new Rung("2h", Duration.ofHours(2)),
              new Rung("3h", Duration.ofHours(3)),
              new Rung("4h", Duration.ofHours(4)),
              new Rung("6h", Duration.ofHours(6)),
              new Rung("7h", Duration.ofHours(7))));

  private final Lane<Integer> lane = new Lane<>(LaneSettings.DEFAULT, 0);
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final long[] dueAtMs = new long[BACKLOG];
  private final int[] hops = new int[BACKLOG];
  private final int[] sheds = new int[BACKLOG];
  private int delivered;
  private boolean woken;

  @Test
  void hopsFewTimesHoweverLongItWaits() {
    lane.limits(OptionalDouble.of(PER_SECOND), 64);
    for (int i = 0; i < BACKLOG; i++) {
      lane.offer(i, Priority.NORMAL, 0);
      if (lane.waiting() > LaneSettings.DEFAULT.queue()) {
        advance(0);
      }
    }
    advance(0);
    long nextTrimMs = 1_000;
    long nowMs = 0;
    while (!events.isEmpty()) {
      var event = events.remove();
      nowMs = event.atMs;
      for (; nextTrimMs <= nowMs; nextTrimMs += 1_000) {
        lane.trim(nextTrimMs);
      }
      switch (event.kind) {
        case ENDED -> {
          delivered++;
          lane.completed(nowMs - ATTEMPT_MS, Sample.SUCCESS, nowMs);
        }
        case RELEASED -> arrive(event.delivery, nowMs);
        case WAKE -> woken = false;
      }
      advance(nowMs);
    }

    double ideal = (double) BACKLOG / PER_SECOND;
    Arrays.sort(hops);
    Arrays.sort(sheds);
    System.out.printf(
        "backlog of %,d at %d/s: drained in %.0f s (ideal %.0f), hops p50 %d p99 %d most %d, shed"
            + " most %d%n",
        BACKLOG,
        PER_SECOND,
        nowMs / 1000.0,
        ideal,
        hops[BACKLOG / 2],
        hops[BACKLOG / 100 * 99],
        hops[BACKLOG - 1],
        sheds[BACKLOG - 1]);
    assertThat(delivered).isEqualTo(BACKLOG);
    assertThat(nowMs / 1000.0).as("the endpoint is kept busy").isLessThan(ideal * 1.2);
    assertThat(hops[BACKLOG - 1]).as("rungs in one climb").isLessThanOrEqualTo(40);
    assertThat(sheds[BACKLOG - 1]).as("climbs").isLessThanOrEqualTo(3);
  }

  private void arrive(int delivery, long nowMs) {
    if (dueAtMs[delivery] > nowMs) {
      hop(delivery, nowMs);
    } else {
      lane.offer(delivery, Priority.NORMAL, nowMs);
    }
  }

  private void hop(int delivery, long nowMs) {
    hops[delivery]++;
    var remaining = Duration.ofMillis(dueAtMs[delivery] - nowMs);
    long releasedMs = nowMs + LADDER.rungFor(remaining).delay().toMillis();
    events.add(new Event(Math.min(releasedMs, dueAtMs[delivery]), Kind.RELEASED, delivery));
  }

  private void advance(long nowMs) {
    while (true) {
      switch (lane.next(nowMs, true)) {
        case Start<Integer>(var delivery) ->
            events.add(new Event(nowMs + ATTEMPT_MS, Kind.ENDED, delivery));
        case Shed<Integer>(var delivery, var due, _) -> {
          sheds[delivery]++;
          dueAtMs[delivery] = due;
          hop(delivery, nowMs);
        }
        case WaitUntil<Integer>(var atMs) -> {
          if (!woken) {
            woken = true;
            events.add(new Event(atMs, Kind.WAKE, -1));
          }
          return;
        }
        case Idle<Integer> _, NoRoom<Integer> _ -> {
          return;
        }
      }
    }
  }

  private enum Kind {
    ENDED,
    RELEASED,
    WAKE
  }

  private record Event(long atMs, Kind kind, int delivery) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      return Long.compare(atMs, other.atMs);
    }
  }
}

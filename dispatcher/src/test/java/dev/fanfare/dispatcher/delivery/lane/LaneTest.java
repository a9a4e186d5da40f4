package dev.fanfare.dispatcher.delivery.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.dispatcher.delivery.lane.LaneStep.Idle;
import dev.fanfare.dispatcher.delivery.lane.LaneStep.NoRoom;
import dev.fanfare.dispatcher.delivery.lane.LaneStep.Shed;
import dev.fanfare.dispatcher.delivery.lane.LaneStep.Start;
import dev.fanfare.dispatcher.delivery.lane.LaneStep.WaitUntil;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class LaneTest {
  private static final LaneSettings SETTINGS =
      new LaneSettings(
          8, Duration.ofSeconds(10), 1_000, Breaker.Policy.DEFAULT, Duration.ofDays(5));

  private long nowMs = 1_000_000;
  private final Lane<Integer> lane = new Lane<>(SETTINGS, nowMs);

  @Test
  void startsOneAtFirstAndMoreWithEverySuccess() {
    offer(100);

    assertThat(startAll()).hasSize(1);
    end(Sample.SUCCESS, 1);
    assertThat(startAll()).hasSize(2);
    end(Sample.SUCCESS, 2);
    assertThat(startAll()).hasSize(4);
    end(Sample.SUCCESS, 4);
    assertThat(startAll()).hasSize(8);
    end(Sample.SUCCESS, 8);
    assertThat(startAll()).as("never more than its limit").hasSize(8);
  }

  @Test
  void halvesOnceForABurstOfFailures() {
    growTo(8);

    end(Sample.FAILURE, 8);

    assertThat(startAll()).hasSize(4);
  }

  @Test
  void idlesWhenNothingWaits() {
    assertThat(lane.next(nowMs, true)).isInstanceOf(Idle.class);
  }

  @Test
  void startsNothingWithoutRoomAndSpendsNothingOfItsRate() {
    lane.limits(OptionalDouble.of(1), 8);
    offer(1);

    assertThat(lane.next(nowMs, false)).isInstanceOf(NoRoom.class);

    assertThat(lane.inFlight()).isZero();
    assertThat(startAll()).hasSize(1);
  }

  @Test
  void keepsToTheRate() {
    lane.limits(OptionalDouble.of(10), 8);
    offer(30);
    var starts = new ArrayList<Long>();

    long end = nowMs + 2_000;
    while (nowMs < end) {
      switch (lane.next(nowMs, true)) {
        case Start<Integer> _ -> {
          starts.add(nowMs);
          lane.completed(nowMs, Sample.SUCCESS, nowMs);
        }
        case WaitUntil<Integer>(var atMs) -> nowMs = atMs;
        case Idle<Integer> _, NoRoom<Integer> _, Shed<Integer> _ -> nowMs = end;
      }
    }

    assertThat(starts).hasSizeBetween(20, 21);
    for (int i = 1; i < starts.size(); i++) {
      assertThat(starts.get(i) - starts.get(i - 1)).isBetween(99L, 101L);
    }
  }

  @Test
  void opensAfterTooManyFailuresAndShedsWithoutAnAttempt() {
    offer(100);

    fail(20);

    assertThat(lane.breaker()).isInstanceOf(Breaker.Open.class);
    var until = ((Breaker.Open) lane.breaker()).untilMs();
    var shed = shedAll();
    assertThat(shed).hasSize(80);
    assertThat(shed).allSatisfy(step -> assertThat(step.dueAtMs()).isGreaterThanOrEqualTo(until));
    assertThat(shed).extracting(Shed::reason).containsOnly(LaneStep.Reason.BREAKER_OPEN);
  }

  @Test
  void probesOneAtATimeAndClosesAfterTwoSuccesses() {
    offer(20);
    fail(20);
    nowMs = ((Breaker.Open) lane.breaker()).untilMs();
    offer(10);

    assertThat(startAll()).hasSize(1);
    end(Sample.SUCCESS, 1);
    assertThat(startAll()).hasSize(1);
    end(Sample.SUCCESS, 1);

    assertThat(lane.breaker()).isInstanceOf(Breaker.Closed.class);
  }

  @Test
  void staysOpenTwiceAsLongWhenTheProbeFails() {
    offer(20);
    fail(20);
    nowMs = ((Breaker.Open) lane.breaker()).untilMs();
    offer(1);

    fail(1);

    var open = (Breaker.Open) lane.breaker();
    assertThat(open.waitMs()).isEqualTo(2 * Breaker.Policy.DEFAULT.shortestMs());
    assertThat(open.untilMs()).isEqualTo(nowMs + open.waitMs());
  }

  @Test
  void startsAgainAtOneAfterAnOutage() {
    growTo(8);
    end(Sample.FAILURE, 8);
    while (lane.breaker() instanceof Breaker.Closed) {
      fail(1);
    }
    assertThat(shedAll()).isNotEmpty();
    nowMs = ((Breaker.Open) lane.breaker()).untilMs();
    offer(100);
    assertThat(startAll()).hasSize(1);
    end(Sample.SUCCESS, 1);
    assertThat(startAll()).hasSize(1);
    end(Sample.SUCCESS, 1);

    assertThat(startAll().size()).as("not at the limit of before").isLessThanOrEqualTo(3);
  }

  @Test
  void shedsWhatAHangingEndpointWouldKeepWaiting() {
    offer(500);
    assertThat(startAll()).hasSize(1);

    nowMs += 5_000; // the one attempt hangs
    lane.trim(nowMs);

    var shed = shedAll();
    assertThat(shed.size()).as("at one in five seconds two can wait ten").isBetween(490, 499);
    assertThat(shed).extracting(Shed::reason).containsOnly(LaneStep.Reason.LANE_FULL);
    assertThat(shed.getFirst().dueAtMs() - nowMs).as("its patience").isBetween(10_000L, 10_100L);
    assertThat(shed.getLast().dueAtMs())
        .as("each takes the slot after the one before")
        .isGreaterThan(shed.getFirst().dueAtMs() + 5_000);
  }

  @Test
  void leavesAnEndpointThatTakesNothingAloneForHalfAsLongAsItHasTakenNothing() {
    offer(1);
    startAll();
    nowMs += 600_000;
    offer(500);
    lane.trim(nowMs);

    assertThat(shedAll().getFirst().dueAtMs() - nowMs).isBetween(300_000L, 300_100L);

    nowMs += 10 * 3_600_000;
    offer(500);
    lane.trim(nowMs);
    assertThat(shedAll().getLast().dueAtMs() - nowMs).as("no guess is longer").isEqualTo(1_800_000);
  }

  /// The slowness of an outage says nothing about what comes after it: sixty seconds for each of
  /// fifty thousand would be a month.
  @Test
  void whatIsShedDuringAnOutageComesBackSoonAfterItHoweverMuchItIs() {
    for (int i = 0; i < 30; i++) {
      offer(1_000);
      work(125);
    }
    offer(100);
    while (lane.breaker() instanceof Breaker.Closed) {
      fail(1);
    }
    assertThat(shedAll()).isNotEmpty();
    nowMs += 600_000;
    offer(1);
    fail(1); // a probe
    assertThat(lane.breaker()).isInstanceOf(Breaker.Open.class);
    offer(50_000);

    var shed = shedAll();

    assertThat(shed).hasSize(50_000);
    assertThat(shed.getLast().dueAtMs() - nowMs)
        .as("half of ten minutes, and fifty thousand at the speed of before")
        .isBetween(300_000L, 600_000L);
  }

  @Test
  void doesNotTakeASlowFirstAnswerForNone() {
    offer(75);
    assertThat(startAll()).hasSize(1);

    nowMs += 1_100;
    lane.trim(nowMs);

    assertThat(shedAll().getLast().dueAtMs() - nowMs)
        .as("seconds, not minutes")
        .isBetween(10_000L, 20_000L);
  }

  /// A machine that has just started is slow at first, whatever the endpoint is.
  @Test
  void doesNotTakeAColdStartForASlowEndpoint() {
    int wait = 900;
    offer(wait);
    double attemptMs = 800;
    while (wait > 0) {
      var batch = startAll();
      wait -= batch.size();
      long startedAtMs = nowMs;
      nowMs += (long) attemptMs;
      batch.forEach(_ -> lane.completed(startedAtMs, Sample.SUCCESS, nowMs));
      lane.trim(nowMs);
      attemptMs = Math.max(5, attemptMs * 0.8);
      assertThat(lane.waiting()).as("nothing is put off").isEqualTo(wait);
    }
  }

  /// What is put off before its speed is known comes back soon, to be judged by what is known then.
  @Test
  void guessesWellOfAColdLaneThatIsFull() {
    offer(3_001);
    startAll();
    nowMs += 900;
    lane.completed(nowMs - 900, Sample.SUCCESS, nowMs);

    var shed = shedAll();

    assertThat(shed).hasSize(2_000);
    assertThat(shed.getLast().dueAtMs() - nowMs).isLessThan(40_000);
  }

  @Test
  void keepsABurstThatAFastEndpointWorksOffInTime() {
    offer(1_000);
    int started = work(200);
    offer(20_000);
    started += work(1_000);

    assertThat(shedAll()).isEmpty();
    assertThat(started).isGreaterThan(5_000);
  }

  /// Up to 8 at a time, a millisecond each, in rounds that are looked after as a worker does.
  private int work(int rounds) {
    int started = 0;
    for (int i = 0; i < rounds; i++) {
      var batch = startAll();
      started += batch.size();
      end(Sample.SUCCESS, batch.size());
      lane.trim(nowMs);
    }
    return started;
  }

  @Test
  void letsWhatMattersGoFirstAndLetsNothingStarve() {
    for (int i = 0; i < 100; i++) {
      lane.offer(i, Priority.LOW, nowMs);
      lane.offer(i + 100, Priority.NORMAL, nowMs);
      lane.offer(i + 200, Priority.URGENT, nowMs);
    }
    var order = new ArrayList<Integer>();
    for (int i = 0; i < 42; i++) {
      order.add(startAll().getFirst());
      lane.completed(nowMs, Sample.NEUTRAL, nowMs);
    }

    assertThat(order.stream().filter(d -> d >= 200)).hasSize(32).isSorted();
    assertThat(order.stream().filter(d -> d >= 100 && d < 200)).hasSize(8).isSorted();
    assertThat(order.stream().filter(d -> d < 100)).hasSize(2).isSorted();
  }

  @Test
  void letsAnUrgentLatecomerPass() {
    for (int i = 0; i < 50; i++) {
      lane.offer(i, Priority.LOW, nowMs);
    }
    for (int i = 0; i < 10; i++) {
      startAll();
      lane.completed(nowMs, Sample.NEUTRAL, nowMs);
    }
    lane.offer(99, Priority.URGENT, nowMs);

    assertThat(startAll()).containsExactly(99);
  }

  @Test
  void forgetsWhatIsWithdrawnAndKeepsWhatIsInFlight() {
    offer(10);
    assertThat(startAll()).hasSize(1);

    lane.withdraw(delivery -> delivery % 2 == 0);

    assertThat(lane.waiting()).isEqualTo(5);
    assertThat(lane.inFlight()).isEqualTo(1);
    assertThat(lane.isForgettable()).isFalse();
  }

  private void offer(int count) {
    for (int i = 0; i < count; i++) {
      lane.offer(i, Priority.NORMAL, nowMs);
    }
  }

  private List<Integer> startAll() {
    var started = new ArrayList<Integer>();
    while (lane.next(nowMs, true) instanceof Start<Integer>(var delivery)) {
      started.add(delivery);
    }
    return started;
  }

  private List<Shed<Integer>> shedAll() {
    var all = new ArrayList<Shed<Integer>>();
    while (lane.next(nowMs, true) instanceof Shed<Integer> shed) {
      all.add(shed);
    }
    return all;
  }

  /// The attempts started last end now, a millisecond later.
  private void end(Sample sample, int count) {
    long startedAtMs = nowMs;
    nowMs++;
    for (int i = 0; i < count; i++) {
      lane.completed(startedAtMs, sample, nowMs);
    }
  }

  private void growTo(int limit) {
    offer(1_000);
    for (int inFlight = 1; inFlight <= limit / 2; inFlight *= 2) {
      assertThat(startAll()).hasSize(inFlight);
      end(Sample.SUCCESS, inFlight);
    }
    assertThat(startAll()).hasSize(limit);
  }

  private void fail(int count) {
    for (int i = 0; i < count; ) {
      int started = startAll().size();
      assertThat(started).isPositive();
      end(Sample.FAILURE, started);
      i += started;
    }
  }
}

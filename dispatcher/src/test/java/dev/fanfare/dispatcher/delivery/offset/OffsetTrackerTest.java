package dev.fanfare.dispatcher.delivery.offset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OffsetTrackerTest {
  @Test
  void commitsWhereItStartedWhileNothingIsSettled() {
    var tracker = OffsetTracker.at(7);
    tracker.received(7);
    tracker.received(8);

    assertThat(tracker.lowWater()).isEqualTo(7);
    assertThat(tracker.metadata()).isEmpty();
  }

  @Test
  void neverPassesAnUnsettledRecord() {
    var tracker = received(OffsetTracker.at(0), 0, 1, 2, 3);

    tracker.settled(1);
    tracker.settled(3);
    assertThat(tracker.lowWater()).isZero();

    tracker.settled(0);
    assertThat(tracker.lowWater()).isEqualTo(2);

    tracker.settled(2);
    assertThat(tracker.lowWater()).isEqualTo(4);
    assertThat(tracker.metadata()).isEmpty();
  }

  @Test
  void passesGapsThatTransactionMarkersLeave() {
    var tracker = received(OffsetTracker.at(0), 0, 3, 9);

    tracker.settled(0);
    assertThat(tracker.lowWater()).isEqualTo(3);
    tracker.settled(9);
    tracker.settled(3);
    assertThat(tracker.lowWater()).isEqualTo(10);
  }

  @Test
  void knowsAfterARestartWhatWasSettledAboveTheLowWaterMark() {
    var before = received(OffsetTracker.at(0), 0, 1, 2, 3, 4);
    before.settled(1);
    before.settled(3);

    var after = OffsetTracker.resumed(before.lowWater(), before.metadata());

    assertThat(LongStream.range(0, 6).filter(after::received)).containsExactly(0L, 2L, 4L, 5L);
  }

  @Test
  void carriesOverWhatItHasNotReadPastYet() {
    var before = received(OffsetTracker.at(0), 0, 1, 2, 3, 4);
    before.settled(1);
    before.settled(3);
    var second = OffsetTracker.resumed(before.lowWater(), before.metadata());
    second.received(0);
    second.settled(0);

    var third = OffsetTracker.resumed(second.lowWater(), second.metadata());

    assertThat(second.lowWater()).isEqualTo(1);
    assertThat(LongStream.range(1, 6).filter(third::received)).containsExactly(2L, 4L, 5L);
  }

  @Test
  void refusesWhatCannotBe() {
    var tracker = received(OffsetTracker.at(0), 0, 1);
    tracker.settled(1);

    assertThatThrownBy(() -> tracker.received(1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> tracker.settled(1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> tracker.settled(9)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> OffsetTracker.resumed(0, "something else"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> OffsetTracker.resumed(0, "1.AAAA"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  static List<Integer> seeds() {
    return IntStream.range(0, 200).boxed().toList();
  }

  /// Records come with gaps and are settled in any order, with crashes in between. Whatever
  /// happens, each is worked on until it is settled, and none that was settled when the offsets
  /// were committed is worked on again.
  @ParameterizedTest
  @MethodSource("seeds")
  void losesNothingAndRepeatsNothingSettledOverCrashes(int seed) {
    var random = new Random(seed);
    var log = new ArrayList<Long>();
    long offset = random.nextInt(1000);
    for (int i = 0; i < 2_000; i++) {
      offset += 1 + (random.nextInt(10) == 0 ? random.nextInt(5) : 0);
      log.add(offset);
    }
    long committed = log.getFirst();
    var metadata = "";
    var durable = new HashSet<Long>();
    while (durable.size() < log.size()) {
      var tracker = OffsetTracker.resumed(committed, metadata);
      var working = new TreeSet<Long>();
      long start = committed;
      var reader = log.stream().filter(o -> o >= start).iterator();
      int steps = random.nextInt(1_500) + 100;
      var settled = new HashSet<Long>();
      for (int step = 0; step < steps; step++) {
        if (reader.hasNext() && random.nextInt(3) > 0) {
          long next = reader.next();
          boolean work = tracker.received(next);
          assertThat(work).as("offset %s", next).isEqualTo(!durable.contains(next));
          if (work) {
            working.add(next);
          }
        } else if (!working.isEmpty()) {
          long one = random.nextBoolean() ? working.first() : working.last();
          working.remove(one);
          tracker.settled(one);
          settled.add(one);
        }
        if (random.nextInt(50) == 0) { // a transaction commits
          durable.addAll(settled);
          committed = tracker.lowWater();
          metadata = tracker.metadata();
          assertThat(metadata.length()).isLessThanOrEqualTo(OffsetBitmap.LONGEST);
          for (var o : log) {
            assertThat(o >= committed || durable.contains(o)).as("offset %s", o).isTrue();
          }
        }
      }
    }
  }

  private static OffsetTracker received(OffsetTracker tracker, long... offsets) {
    for (long offset : offsets) {
      assertThat(tracker.received(offset)).isTrue();
    }
    return tracker;
  }
}

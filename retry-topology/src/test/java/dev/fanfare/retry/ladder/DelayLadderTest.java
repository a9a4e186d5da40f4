package dev.fanfare.retry.ladder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DelayLadderTest {
  private static final DelayLadder LADDER = DelayLadder.DEFAULT;

  @Test
  void holdsEveryWaitOfTheDefaultScheduleAndOneSecond() {
    var delays = LADDER.rungs().stream().map(Rung::delay).toList();
    assertThat(delays.getFirst()).isEqualTo(Duration.ofSeconds(1));
    assertThat(delays.subList(1, delays.size())).isEqualTo(RetrySchedule.DEFAULT.waits());
    assertThat(LADDER.longest().label()).isEqualTo("7h");
  }

  @ParameterizedTest
  @CsvSource({
    "PT-5S, 1s",
    "PT0S, 1s",
    "PT0.3S, 1s",
    "PT1S, 1s",
    "PT4S, 1s",
    "PT4.001S, 5s",
    "PT5S, 5s",
    "PT29S, 5s",
    "PT29.95S, 30s",
    "PT30S, 30s",
    "PT47M, 30m",
    "PT24H, 7h",
    "PT8760H, 7h"
  })
  void takesTheLongestRungThatIsNotLateByTheShortest(Duration remaining, String rung) {
    assertThat(LADDER.rungFor(remaining).label()).isEqualTo(rung);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PT47M  | 30m 10m 2m 2m 2m 30s 30s",
        "PT2S   | 1s 1s",
        "PT7.5S | 5s 1s 1s 1s",
        "PT24H  | 7h 7h 7h 3h"
      })
  void climbsDown(Duration wait, String hops) {
    assertThat(climb(LADDER, wait).stream().map(Rung::label)).containsExactly(hops.split(" "));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void anyClimbIsNeverEarlyLessThanTheShortestRungLateAndShort(long seed) {
    var dice = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      var wait = Duration.ofNanos(1 + dice.nextLong(Duration.ofHours(24).toNanos()));
      var hops = climb(LADDER, wait);
      var sum = hops.stream().map(Rung::delay).reduce(Duration.ZERO, Duration::plus);
      assertThat(sum).isBetween(wait, wait.plus(LADDER.shortest().delay()).minusNanos(1));
      assertThat(hops).hasSizeLessThanOrEqualTo(24);
    }
  }

  @Test
  void everyWaitOfTheDefaultScheduleIsOneHopEvenIfTheRungIsChosenLate() {
    for (var wait : RetrySchedule.DEFAULT.waits()) {
      assertThat(LADDER.rungFor(wait).delay()).isEqualTo(wait);
      assertThat(LADDER.rungFor(wait.minusMillis(900)).delay()).isEqualTo(wait);
    }
  }

  @Test
  void theDefaultScheduleEndsBeforeTheDayIsOver() {
    assertThat(RetrySchedule.DEFAULT.waits()).hasSize(11);
    assertThat(RetrySchedule.DEFAULT.span()).isEqualTo(Duration.parse("PT23H42M35S"));
  }

  @Test
  void sortsItsRungsAndRefusesTwoOfOneDelayOrNone() {
    assertThat(DelayLadder.of("1m", "5s").rungs())
        .extracting(Rung::label)
        .containsExactly("5s", "1m");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DelayLadder.of("60s", "1m"))
        .withMessageContaining("1m");
    assertThatIllegalArgumentException().isThrownBy(DelayLadder::of);
    assertThatIllegalArgumentException().isThrownBy(() -> DelayLadder.of("0s"));
    assertThatIllegalArgumentException().isThrownBy(() -> new Rung("5s", Duration.ofSeconds(6)));
  }

  private static List<Rung> climb(DelayLadder ladder, Duration wait) {
    var hops = new ArrayList<Rung>();
    for (var left = wait; left.isPositive(); left = left.minus(hops.getLast().delay())) {
      hops.add(ladder.rungFor(left));
    }
    return hops;
  }
}

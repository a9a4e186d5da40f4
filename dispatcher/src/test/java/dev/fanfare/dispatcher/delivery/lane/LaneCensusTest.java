package dev.fanfare.dispatcher.delivery.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LaneCensusTest {
  private static Pulse pulse(int attempts, int failures) {
    var pulse = new Pulse(0);
    for (int i = 0; i < attempts; i++) {
      pulse.ended(i < failures ? Sample.FAILURE : Sample.SUCCESS);
    }
    pulse.beat(1_000);
    return pulse;
  }

  private static Lane<String> lane() {
    return new Lane<>(LaneSettings.DEFAULT, 0);
  }

  private static Lane<String> failing() {
    var lane = lane();
    for (int i = 0; i < 200; i++) {
      lane.offer("d" + i, Priority.NORMAL, i);
      if (lane.next(i, true) instanceof LaneStep.Start<String>) {
        lane.completed(i, Sample.FAILURE, i);
      }
    }
    return lane;
  }

  @Test
  void namesTheBusiestAndTheUnwellHoweverManyThereAre() {
    var count = new LaneCensus.Count();
    for (int i = 0; i < 5_000; i++) {
      count.add("well_" + i, lane(), pulse(i, 0));
      count.add("ill_" + i, lane(), pulse(100, 50));
    }

    var census = count.taken();

    assertThat(census.named()).hasSize(LaneCensus.MOST);
    assertThat(census.named().getFirst().subscription()).isEqualTo("well_4999");
    assertThat(census.named())
        .filteredOn(named -> named.subscription().startsWith("ill_"))
        .hasSize(LaneCensus.UNWELL);
  }

  @Test
  void namesAQuietEndpointWhoseBreakerIsOpenButNotAQuietOneThatIsWell() {
    var count = new LaneCensus.Count();
    for (int i = 0; i < 100; i++) {
      count.add("well_" + i, lane(), pulse(1_000, 0));
    }
    count.add("quiet", lane(), pulse(1, 0));
    count.add("broken", failing(), new Pulse(0));

    var census = count.taken();

    assertThat(census.named())
        .extracting(LaneCensus.Named::subscription)
        .contains("broken")
        .doesNotContain("quiet");
    assertThat(census.states())
        .containsEntry(LaneState.BREAKER_OPEN, 1)
        .containsEntry(LaneState.IDLE, 101)
        .hasSize(LaneState.values().length);
  }

  @Test
  void aPulseIsARateAndForgets() {
    var pulse = new Pulse(0);
    for (int second = 1; second <= 600; second++) {
      for (int i = 0; i < 10; i++) {
        pulse.ended(i == 0 ? Sample.FAILURE : Sample.SUCCESS);
      }
      pulse.beat(second * 1_000L);
    }

    assertThat(pulse.attemptsPerSecond()).isCloseTo(10, within(0.1));
    assertThat(pulse.failuresPerSecond()).isCloseTo(1, within(0.01));

    pulse.beat(900_000);
    assertThat(pulse.attemptsPerSecond()).isLessThan(0.1);
  }
}

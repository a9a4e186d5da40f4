package dev.fanfare.retry.replay.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.retry.KafkaRig;
import dev.fanfare.retry.replay.ReplayFilter;
import dev.fanfare.schemas.avro.Delivery;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A replay whose process is killed in the middle. `make replay` runs it with 100,000 dead letters
/// at 2,000/s and holds the rate to 5 %, which wants a machine that does nothing else.
@Timeout(600)
class ReplayKillIT {
  private static final int COUNT = Integer.getInteger("fanfare.replay.count", 3_000);
  private static final int RATE = Integer.getInteger("fanfare.replay.rate", 500);
  private static final boolean QUIET = Boolean.getBoolean("fanfare.replay.quiet");

  @Test
  void goesOnAfterAKillAndDoublesNothing() throws Exception {
    try (var kafka = KafkaRig.shared();
        var rig = new ReplayRig(kafka, 6)) {
      // Given
      rig.die(COUNT);
      rig.ask(ReplayRig.job("rpl_kill", ReplayFilter.ALL, RATE));
      var first = ReplayProcess.start(rig, "a");
      try {
        rig.awaitReleased("rpl_kill", COUNT / 3);
      } finally {
        // When
        first.destroyForcibly().waitFor();
      }
      long before = rig.find("rpl_kill").state().progress().released();
      assertThat(before).isLessThan(COUNT);
      rig.runner("b");
      rig.awaitState("rpl_kill", "finished");

      // Then
      assertThat(rig.released().stream().map(Delivery::getOriginDeliveryId))
          .hasSize(COUNT)
          .doesNotHaveDuplicates();
      assertThat(rig.find("rpl_kill").state().progress().released()).isEqualTo(COUNT);
      requireRate(
          kafka.read(rig.topics.deliveries().name()).stream()
              .map(it -> it.timestamp())
              .sorted()
              .toList());
    }
  }

  /// Of the two stretches before and after the gap that the kill has made.
  private static void requireRate(List<Long> times) {
    int gap = 1;
    for (int i = 1; i < times.size(); i++) {
      if (times.get(i) - times.get(i - 1) > times.get(gap) - times.get(gap - 1)) {
        gap = i;
      }
    }
    long working = times.get(gap - 1) - times.getFirst() + times.getLast() - times.get(gap);
    double rate = times.size() * 1_000.0 / working;
    System.out.printf(">> replay of %d at %d/s: %.0f/s%n", times.size(), RATE, rate);
    // Each of the two may begin with what one second brings.
    assertThat(times.size()).isLessThanOrEqualTo((int) (RATE * (working / 1_000.0 + 2)) + 1);
    if (QUIET) {
      assertThat(rate).isCloseTo(RATE, Percentage.withPercentage(5));
    }
  }
}

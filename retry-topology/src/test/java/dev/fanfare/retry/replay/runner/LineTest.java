package dev.fanfare.retry.replay.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.retry.replay.Letters;
import dev.fanfare.retry.replay.runner.Selection.Step;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LineTest {
  @Test
  void bringsEachPartitionAsFarAsTheNextThatWaits() {
    var line = new Line();
    line.add(List.of(step(0, 3), step(1, 7), nothing(0, 9), step(1, 8), nothing(1, 12)));

    var first = line.take(2, _ -> true);
    assertThat(first.deliveries()).hasSize(2);
    assertThat(first.reached()).isEqualTo(Map.of(0, 9L, 1, 7L));

    var rest = line.take(2, _ -> true);
    assertThat(rest.deliveries()).hasSize(1);
    assertThat(rest.reached()).isEqualTo(Map.of(1, 12L));
    assertThat(line.selected()).isZero();
  }

  @Test
  void leavesOutAndCountsWhoCanGetNothing() {
    var line = new Line();
    line.add(List.of(step(0, 1), step(0, 2), step(0, 3)));
    var portion = line.take(1, it -> !it.getEventId().equals("evt_1"));
    assertThat(portion.deliveries()).extracting(it -> it.getEventId()).containsExactly("evt_2");
    assertThat(portion.skipped()).isOne();
    assertThat(portion.reached()).isEqualTo(Map.of(0, 2L));
    assertThat(line.selected()).isOne();
  }

  @Test
  void takesNothingSelectedWhenNothingIsPermitted() {
    var line = new Line();
    line.add(List.of(nothing(0, 4), step(0, 5)));
    var portion = line.take(0, _ -> true);
    assertThat(portion.deliveries()).isEmpty();
    assertThat(portion.reached()).isEqualTo(Map.of(0, 4L));
    assertThat(line.selected()).isOne();
  }

  private static Step step(int partition, int next) {
    return new Step(partition, next, Optional.of(Letters.delivery("sub_1", next).build()));
  }

  private static Step nothing(int partition, int next) {
    return new Step(partition, next, Optional.empty());
  }
}

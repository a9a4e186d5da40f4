package dev.fanfare.dispatcher.log.entry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatenciesTest {
  @ParameterizedTest
  @ValueSource(doubles = {0.5, 0.95, 0.99})
  void aPercentileIsAtMostASeventhTooHigh(double share) {
    var random = new Random(7);
    var values = random.longs(5_000, 300, 3_000_000).toArray();
    var latencies = Latencies.EMPTY;
    for (long value : values) {
      latencies = latencies.plus(Latencies.of(value));
    }
    Arrays.sort(values);
    long exact = values[(int) Math.ceil(values.length * share) - 1];

    long found = latencies.percentile(share).orElseThrow();

    assertThat(found).isGreaterThanOrEqualTo(exact - 1);
    assertThat((double) found).isCloseTo((double) exact, Percentage.withPercentage(15));
  }

  @Test
  void nothingHasNoPercentile() {
    assertThat(Latencies.EMPTY.percentile(0.5)).isEmpty();
    assertThat(Latencies.of(0).percentile(0.5)).hasValue(1);
    assertThat(Latencies.of(Long.MAX_VALUE).total()).isEqualTo(1);
  }

  @Test
  void aMinuteComesBackAsItWasWritten() {
    var minute =
        Minute.attempt(true, 1_234)
            .plus(Minute.attempt(false, -1))
            .plus(Minute.ONE_DEAD)
            .plus(Minute.ONE_DEFERRED)
            .plus(Minute.ONE_OPENED);

    assertThat(Minute.read(minute.toBytes())).isEqualTo(minute);
    assertThat(minute.attempts()).isEqualTo(2);
    assertThat(minute.failed()).isEqualTo(1);
    assertThat(minute.latency().percentile(0.5).orElseThrow() / 1_234.0).isCloseTo(1, within(0.15));
  }
}

package dev.fanfare.retry.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RateCapTest {
  private static final Instant NOW = Instant.parse("2026-11-24T06:00:00Z");

  @ParameterizedTest
  @CsvSource({"100,0,0", "100,50,5", "100,1000,100", "100,60000,100", "0.5,1000,0", "0.5,2000,1"})
  void permitsWhatTheTimeBroughtUpToASecond(double rate, long millis, int permits) {
    assertThat(RateCap.of(rate, NOW).at(NOW.plusMillis(millis)).permits()).isEqualTo(permits);
  }

  @Test
  void gainsNothingFromAClockThatIsSetBack() {
    var cap = RateCap.of(100, NOW).at(NOW.plusSeconds(1)).take(100);
    assertThat(cap.at(NOW).at(NOW.plusMillis(100)).permits()).isEqualTo(10);
  }

  @ParameterizedTest
  @CsvSource({"100,10,100", "100,1000,1000", "0.5,1,2000", "2000,200,100"})
  void saysHowLongToWait(double rate, int count, long millis) {
    var wait = RateCap.of(rate, NOW).until(count);
    assertThat(wait).isBetween(Duration.ofMillis(millis), Duration.ofMillis(millis + 1));
    assertThat(RateCap.of(rate, NOW).at(NOW.plus(wait)).permits()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void keepsToItsRateHoweverItIsAsked(long seed) {
    var random = new Random(seed);
    double rate = 1 + random.nextInt(5_000);
    var cap = RateCap.of(rate, NOW);
    var now = NOW;
    long taken = 0;
    while (now.isBefore(NOW.plusSeconds(60))) {
      now = now.plusMillis(random.nextInt(400));
      cap = cap.at(now);
      int some = cap.permits();
      cap = cap.take(some);
      taken += some;
    }
    double seconds = Duration.between(NOW, now).toMillis() / 1_000.0;
    assertThat((double) taken).isCloseTo(rate * seconds, within(rate * 0.01 + 1));
  }

  @ParameterizedTest
  @CsvSource({"0,10,0", "1,10,1", "100000,2000,50", "100001,2000,51"})
  void estimates(long count, double rate, long seconds) {
    assertThat(RateCap.estimatedSeconds(count, rate)).isEqualTo(seconds);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, 0.001, 1e9, Double.NaN, Double.POSITIVE_INFINITY})
  void refusesWhatIsNoRate(double rate) {
    assertThatIllegalArgumentException().isThrownBy(() -> RateCap.of(rate, NOW));
  }

  @Test
  void refusesToGiveMoreThanItHas() {
    assertThatIllegalArgumentException().isThrownBy(() -> RateCap.of(1, NOW).take(1));
  }
}

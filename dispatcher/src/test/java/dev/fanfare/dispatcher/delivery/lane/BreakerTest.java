package dev.fanfare.dispatcher.delivery.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.dispatcher.delivery.lane.Breaker.Closed;
import dev.fanfare.dispatcher.delivery.lane.Breaker.HalfOpen;
import dev.fanfare.dispatcher.delivery.lane.Breaker.Open;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BreakerTest {
  private static final Breaker.Policy POLICY = Breaker.Policy.DEFAULT;

  @ParameterizedTest
  @CsvSource({
    "19, 0, false", // below the volume
    "20, 0, true",
    "10, 10, true", // just the ratio
    "9, 11, false",
    "0, 64, false",
  })
  void opensByRatioAndVolume(int failures, int successes, boolean opens) {
    Breaker breaker = Breaker.closed();
    for (int i = 0; i < failures + successes && breaker instanceof Closed closed; i++) {
      breaker = closed.ended(i < successes, POLICY, 1_000);
    }

    assertThat(breaker instanceof Open).isEqualTo(opens);
  }

  @Test
  void forgetsWhatIsLongAgo() {
    Breaker breaker = Breaker.closed();
    for (int i = 0; i < 19; i++) {
      breaker = ((Closed) breaker).ended(false, POLICY, 1_000);
    }
    breaker = ((Closed) breaker).ended(false, POLICY, 1_001 + POLICY.memoryMs());

    assertThat(breaker).isInstanceOf(Closed.class);
  }

  @Test
  void looksAtTheLast64Only() {
    Breaker breaker = Breaker.closed();
    for (int i = 0; i < 500; i++) {
      breaker = ((Closed) breaker).ended(true, POLICY, 1_000);
    }
    for (int i = 0; i < 31; i++) {
      breaker = ((Closed) breaker).ended(false, POLICY, 1_000);
    }
    assertThat(breaker).isInstanceOf(Closed.class);

    assertThat(((Closed) breaker).ended(false, POLICY, 1_000)).isInstanceOf(Open.class);
  }

  @Test
  void waitsNoLongerThanItsLongest() {
    Breaker breaker = new HalfOpen(POLICY.longestMs(), 0).ended(false, POLICY, 0);

    assertThat(breaker).isEqualTo(new Open(POLICY.longestMs(), POLICY.longestMs()));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void onlyEverHasThreeStatesAndReturnsToClosedWhenAllIsWell(long seed) {
    var random = new Random(seed);
    Breaker breaker = Breaker.closed();
    long nowMs = 0;
    for (int i = 0; i < 10_000; i++) {
      nowMs += random.nextInt(2_000);
      breaker = step(breaker, random.nextBoolean(), nowMs);
    }
    for (int i = 0; i < 200; i++) {
      nowMs += 1_000;
      breaker = step(breaker, true, nowMs);
    }

    assertThat(breaker).isInstanceOf(Closed.class);
  }

  private static Breaker step(Breaker breaker, boolean success, long nowMs) {
    return switch (breaker) {
      case Closed closed -> closed.ended(success, POLICY, nowMs);
      case Open open -> {
        assertThat(open.untilMs() - nowMs).isLessThanOrEqualTo(POLICY.longestMs());
        yield open.at(nowMs);
      }
      case HalfOpen half -> half.ended(success, POLICY, nowMs);
    };
  }
}

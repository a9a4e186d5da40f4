package dev.fanfare.dispatcher.delivery.outcome;

import static dev.fanfare.dispatcher.delivery.outcome.EndpointHealth.SETTLED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.dispatcher.delivery.outcome.EndpointHealth.Finding;
import dev.fanfare.dispatcher.delivery.outcome.EndpointHealth.Finding.Failing;
import dev.fanfare.dispatcher.delivery.outcome.EndpointHealth.Finding.GivenUp;
import dev.fanfare.dispatcher.delivery.outcome.EndpointHealth.Finding.Nothing;
import dev.fanfare.dispatcher.delivery.outcome.EndpointHealth.Finding.Well;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class EndpointHealthTest {
  private static final Duration FIVE_DAYS = Duration.ofDays(5);
  private static final Instant T0 = Instant.parse("2026-05-01T12:00:00Z");

  private final EndpointHealth health = new EndpointHealth(FIVE_DAYS);

  @Test
  void saysOnceThatItFailsWhenItHasForAMinute() {
    assertThat(health.failed(null, T0)).isInstanceOf(Nothing.class);
    assertThat(health.failed(null, T0.plus(SETTLED).minusMillis(1))).isInstanceOf(Nothing.class);
    assertThat(health.failed(null, T0.plus(SETTLED))).isEqualTo(new Failing(T0));
    assertThat(health.failed(T0, T0.plus(SETTLED).plusSeconds(1))).isInstanceOf(Nothing.class);
  }

  @Test
  void takesItBackWithTheFirstSuccess() {
    fails(T0, T0.plus(SETTLED));

    assertThat(health.succeeded(T0)).isInstanceOf(Well.class);
    assertThat(health.succeeded(T0)).as("the table lags").isInstanceOf(Nothing.class);
    assertThat(health.failed(T0, T0.plusSeconds(100)))
        .as("so too here")
        .isInstanceOf(Nothing.class);
    assertThat(health.failed(T0, T0.plusSeconds(100).plus(SETTLED)))
        .isEqualTo(new Failing(T0.plusSeconds(100)));
  }

  @Test
  void hasNothingToSayOfOneThatFailsNowAndThen() {
    for (int second = 0; second < 3_600; second += 20) {
      assertThat(health.failed(null, T0.plusSeconds(second))).isInstanceOf(Nothing.class);
      assertThat(health.succeeded(null)).isInstanceOf(Nothing.class);
    }
    assertThat(health.isForgettable()).isTrue();
  }

  @Test
  void givesUpAfterFiveDaysOfNothingElseAndSaysSoOnce() {
    fails(T0, T0.plus(SETTLED));

    assertThat(health.failed(T0, T0.plus(FIVE_DAYS).minusMillis(1))).isInstanceOf(Nothing.class);
    assertThat(health.failed(T0, T0.plus(FIVE_DAYS))).isEqualTo(new GivenUp(T0));
    assertThat(health.failed(T0, T0.plus(FIVE_DAYS).plusSeconds(1))).isInstanceOf(Nothing.class);
  }

  @Test
  void oneSuccessInFiveDaysIsEnough() {
    fails(T0, T0.plus(SETTLED), T0.plus(FIVE_DAYS).minusSeconds(1));
    health.succeeded(T0);

    assertThat(fails(T0.plus(FIVE_DAYS), T0.plus(FIVE_DAYS).plus(SETTLED)))
        .isEqualTo(new Failing(T0.plus(FIVE_DAYS)));
  }

  @Test
  void goesOnFromWhatTheWorkerBeforeHasWrittenDown() {
    var takenOver = T0.plus(FIVE_DAYS).minus(Duration.ofHours(1));
    assertThat(health.failed(T0, takenOver)).isInstanceOf(Nothing.class);
    assertThat(health.failed(T0, takenOver.plus(SETTLED))).isInstanceOf(Nothing.class);

    assertThat(health.failed(T0, T0.plus(FIVE_DAYS))).isEqualTo(new GivenUp(T0));
  }

  @Test
  void takesBackWhatTheWorkerBeforeHasWrittenDown() {
    assertThat(health.succeeded(T0)).isInstanceOf(Well.class);
  }

  @Test
  void givesNothingUpOnAWordThatMayHaveBeenTakenBackJustNow() {
    var takenOver = T0.plus(FIVE_DAYS).plusSeconds(30);

    assertThat(health.failed(T0, takenOver)).as("may be stale").isInstanceOf(Nothing.class);
    assertThat(health.failed(null, takenOver.plus(SETTLED)))
        .as("it was: the worker before had seen a success")
        .isEqualTo(new Failing(takenOver));
    assertThat(health.failed(takenOver, takenOver.plus(FIVE_DAYS)))
        .isEqualTo(new GivenUp(takenOver));
  }

  private Finding fails(Instant... times) {
    Finding last = new Nothing();
    for (var time : times) {
      last = health.failed(null, time);
    }
    return last;
  }
}

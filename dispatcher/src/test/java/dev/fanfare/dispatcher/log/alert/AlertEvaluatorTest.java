package dev.fanfare.dispatcher.log.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.dispatcher.log.alert.AlertEvaluator.Finding;
import dev.fanfare.dispatcher.log.alert.AlertRule.Terms;
import dev.fanfare.testkit.seed.Seeds;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class AlertEvaluatorTest {
  private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
  private static final Damping DAMPING = Damping.USUAL;

  private final AlertEvaluator evaluator = new AlertEvaluator(DAMPING);

  private static Terms terms(double threshold, double resolveBelow) {
    return new Terms(
        "r", Optional.empty(), Scope.EACH_SUBSCRIPTION, threshold, resolveBelow, true, List.of());
  }

  private static final AlertRule RATE =
      new AlertRule.FailureRate(terms(0.5, 0.2), Duration.ofMinutes(5), 20);
  private static final AlertRule STREAK = new AlertRule.ConsecutiveFailures(terms(10, 1));

  static LongStream seeds() {
    return Seeds.fixed(300);
  }

  @ParameterizedTest
  @CsvSource({
    "calm, 0.49, 1000, quiet", // below the threshold
    "calm, 0.50, 19, quiet", // too little to judge by
    "calm, 0.50, 20, fired", // at the threshold
    "calm, 1.00, 20, fired",
    "firing, 1.00, 20, quiet", // said already
    "firing, 0.49, 20, quiet", // between the bounds what was said holds
    "firing, 0.20, 20, quiet", // at the lower bound not yet below it
    "firing, 0.19, 20, resolved",
    "firing, 0.00, 1, resolved", // what is well needs no volume
    "firing, 0.00, 0, resolved", // nothing is attempted any more
    "firing, 1.00, 1, quiet", // little evidence, but none that it is over
    "calm, 0.00, 0, quiet"
  })
  void aRateFiresAtItsThresholdAndResolvesBelowItsLowerBound(
      String before, double value, long volume, String expected) {
    var state =
        before.equals("calm")
            ? AlertState.CALM
            : new AlertState(Optional.of(NOW), List.of(NOW), Optional.empty());

    var finding = evaluator.on(RATE, state, new Reading(value, volume), NOW.plusSeconds(60));

    assertThat(word(finding)).isEqualTo(expected);
  }

  @Test
  void itTellsSinceWhen() {
    var fired = evaluator.on(STREAK, AlertState.CALM, Reading.of(10), NOW);
    var later = NOW.plusSeconds(90);

    var resolved = evaluator.on(STREAK, fired.state(), Reading.of(0), later);

    assertThat(resolved)
        .isInstanceOfSatisfying(
            Finding.Resolved.class,
            it -> {
              assertThat(it.since()).isEqualTo(NOW);
              assertThat(it.state().isFiring()).isFalse();
            });
  }

  @Test
  void whatHasFlappedResolvesOnlyAfterItHasBeenWellForAWhile() {
    var state = AlertState.CALM;
    var at = NOW;
    for (int i = 0; i < 2; i++) {
      state = evaluator.on(STREAK, state, Reading.of(10), at).state();
      at = at.plusSeconds(30);
      state = evaluator.on(STREAK, state, Reading.of(0), at).state();
      at = at.plusSeconds(30);
      assertThat(state.isFiring()).isFalse();
    }
    var third = evaluator.on(STREAK, state, Reading.of(10), at);
    assertThat(third)
        .isInstanceOfSatisfying(Finding.Fired.class, it -> assertThat(it.flapping()).isTrue());

    // well, but not long enough
    var well = evaluator.on(STREAK, third.state(), Reading.of(0), at.plusSeconds(30));
    assertThat(word(well)).isEqualTo("quiet");
    var almost = evaluator.on(STREAK, well.state(), Reading.of(0), at.plusSeconds(629));
    assertThat(word(almost)).isEqualTo("quiet");

    // a break begins the while anew
    var broken = evaluator.on(STREAK, almost.state(), Reading.of(1), at.plusSeconds(630));
    var again = evaluator.on(STREAK, broken.state(), Reading.of(0), at.plusSeconds(640));
    assertThat(word(evaluator.on(STREAK, again.state(), Reading.of(0), at.plusSeconds(1_239))))
        .isEqualTo("quiet");

    // long enough
    assertThat(word(evaluator.on(STREAK, again.state(), Reading.of(0), at.plusSeconds(1_240))))
        .isEqualTo("resolved");
  }

  /// Any readings, at any times, with restarts in between at which only the transitions are known.
  @ParameterizedTest
  @MethodSource("seeds")
  void itNeverSaysTheSameTwiceNorTooOften(long seed) {
    var dice = new Random(seed);
    boolean rates = dice.nextBoolean();
    var rule = rates ? RATE : STREAK;
    double most = rates ? 1 : 20;
    var state = AlertState.CALM;
    var at = NOW;
    var fired = new ArrayList<Instant>();
    boolean firing = false;
    for (int i = 0; i < 2_000; i++) {
      at = at.plusMillis(1 + dice.nextInt(60_000));
      var reading = new Reading(dice.nextDouble() * most, dice.nextInt(60));
      var finding = evaluator.on(rule, state, reading, at);
      switch (finding) {
        case Finding.Fired _ -> {
          assertThat(firing).isFalse();
          assertThat(reading.value()).isGreaterThanOrEqualTo(rule.terms().threshold());
          assertThat(reading.volume()).isGreaterThanOrEqualTo(rule.minimumVolume());
          firing = true;
          fired.add(at);
        }
        case Finding.Resolved(_, var since) -> {
          assertThat(firing).isTrue();
          assertThat(reading.value()).isLessThan(rule.terms().resolveBelow());
          assertThat(since).isEqualTo(fired.getLast());
          firing = false;
        }
        case Finding.Quiet _ -> {}
      }
      state = finding.state();
      assertThat(state.isFiring()).isEqualTo(firing);
      if (dice.nextInt(50) == 0) {
        state = new AlertState(state.firing(), state.fired(), Optional.empty());
      }
    }
    // In an hour the free ones, and then one for each time that it was well for long enough.
    int most1h = DAMPING.free() + (int) DAMPING.memory().dividedBy(DAMPING.calm());
    for (var from : fired) {
      var until = from.plus(DAMPING.memory());
      assertThat(fired.stream().filter(it -> !it.isBefore(from) && it.isBefore(until)).count())
          .isLessThanOrEqualTo(most1h);
    }
  }

  private static String word(Finding finding) {
    return switch (finding) {
      case Finding.Fired _ -> "fired";
      case Finding.Resolved _ -> "resolved";
      case Finding.Quiet _ -> "quiet";
    };
  }
}

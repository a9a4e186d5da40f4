package dev.fanfare.dispatcher.log.alert;

import dev.fanfare.dispatcher.log.alert.AlertRule.Terms;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What operators are told until they say otherwise: what they would want to be woken for, of one
/// endpoint at a time.
public final class DefaultRules {
  private static final double HOUR = 3_600;

  private DefaultRules() {}

  public static List<AlertRule> rules() {
    return List.of(
        new AlertRule.FailureRate(
            terms("failing", Scope.EACH_SUBSCRIPTION, 0.5, 0.2), Duration.ofMinutes(5), 20),
        new AlertRule.ConsecutiveFailures(terms("down", Scope.EACH_SUBSCRIPTION, 10, 1)),
        new AlertRule.DeadLetters(
            terms("dead_letters", Scope.EACH_SUBSCRIPTION, 1, 1), Duration.ofHours(1)),
        new AlertRule.OldestWaiting(
            terms("waiting", Scope.EACH_SUBSCRIPTION, 12 * HOUR, 11 * HOUR)),
        new AlertRule.LedgerGap(terms("ledger", Scope.EVERYTHING, 1, 1)),
        new AlertRule.EndpointDisabled(
            terms(AlertKind.ENDPOINT_DISABLED.code(), Scope.EACH_SUBSCRIPTION, 1, 1)));
  }

  private static Terms terms(String id, Scope scope, double threshold, double resolveBelow) {
    return new Terms(
        id, Optional.empty(), scope, threshold, resolveBelow, true, List.of(Terms.EVERY_CHANNEL));
  }
}

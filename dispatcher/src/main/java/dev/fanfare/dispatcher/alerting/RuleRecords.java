package dev.fanfare.dispatcher.alerting;

import dev.fanfare.dispatcher.log.alert.AlertKind;
import dev.fanfare.dispatcher.log.alert.AlertRule;
import dev.fanfare.dispatcher.log.alert.AlertRule.Terms;
import dev.fanfare.dispatcher.log.alert.Scope;
import dev.fanfare.dispatcher.log.alert.Scope.Per;
import dev.fanfare.schemas.avro.AlertRules;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Rules as they are stored.
final class RuleRecords {
  private RuleRecords() {}

  static AlertRules write(
      Optional<String> owner, long version, List<AlertRule> rules, Instant now) {
    return AlertRules.newBuilder()
        .setTenant(owner.orElse(null))
        .setVersion(version)
        .setUpdatedAt(now)
        .setRules(rules.stream().map(RuleRecords::write).toList())
        .build();
  }

  private static dev.fanfare.schemas.avro.AlertRule write(AlertRule rule) {
    var terms = rule.terms();
    return dev.fanfare.schemas.avro.AlertRule.newBuilder()
        .setId(terms.id())
        .setKind(rule.kind().code())
        .setTenant(terms.scope().tenant().orElse(null))
        .setSubscriptionId(terms.scope().subscription().orElse(null))
        .setPer(terms.scope().per().word())
        .setThreshold(terms.threshold())
        .setResolveBelow(terms.resolveBelow())
        .setWindowSeconds(rule.window().map(it -> (int) it.toSeconds()).orElse(null))
        .setMinimumVolume(rule.minimumVolume() == 0 ? null : (Long) rule.minimumVolume())
        .setEnabled(terms.enabled())
        .setNotify(terms.channels())
        .build();
  }

  /// @throws IllegalArgumentException if it is no rule that we know
  static List<AlertRule> read(AlertRules stored) {
    var owner = Optional.ofNullable(stored.getTenant());
    return stored.getRules().stream().map(rule -> read(owner, rule)).toList();
  }

  private static AlertRule read(Optional<String> owner, dev.fanfare.schemas.avro.AlertRule rule) {
    var scope =
        new Scope(
            Optional.ofNullable(rule.getTenant()),
            Optional.ofNullable(rule.getSubscriptionId()),
            Per.find(rule.getPer())
                .orElseThrow(() -> new IllegalArgumentException("no such per: " + rule.getPer())));
    var terms =
        new Terms(
            rule.getId(),
            owner,
            scope,
            rule.getThreshold(),
            rule.getResolveBelow(),
            rule.getEnabled(),
            rule.getNotify());
    var kind =
        AlertKind.find(rule.getKind())
            .orElseThrow(() -> new IllegalArgumentException("no such kind: " + rule.getKind()));
    return of(
        kind,
        terms,
        Optional.ofNullable(rule.getWindowSeconds()).map(Duration::ofSeconds),
        Optional.ofNullable(rule.getMinimumVolume()).orElse(0L));
  }

  /// @throws IllegalArgumentException if the kind can't be judged like this
  static AlertRule of(AlertKind kind, Terms terms, Optional<Duration> window, long volume) {
    if (kind.counts() && window.isEmpty()) {
      throw new IllegalArgumentException("window is needed");
    }
    if (!kind.counts() && window.isPresent()) {
      throw new IllegalArgumentException("window is not for this kind");
    }
    if (kind != AlertKind.FAILURE_RATE && volume != 0) {
      throw new IllegalArgumentException("minimum_volume is for failure_rate only");
    }
    return switch (kind) {
      case FAILURE_RATE -> new AlertRule.FailureRate(terms, window.orElseThrow(), volume);
      case CONSECUTIVE_FAILURES -> new AlertRule.ConsecutiveFailures(terms);
      case DEAD_LETTERS -> new AlertRule.DeadLetters(terms, window.orElseThrow());
      case OLDEST_WAITING -> new AlertRule.OldestWaiting(terms);
      case LEDGER_GAP -> new AlertRule.LedgerGap(terms);
      case ENDPOINT_DISABLED -> new AlertRule.EndpointDisabled(terms);
    };
  }
}

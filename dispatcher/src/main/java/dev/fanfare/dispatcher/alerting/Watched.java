package dev.fanfare.dispatcher.alerting;

import dev.fanfare.dispatcher.log.alert.AlertRule;
import dev.fanfare.dispatcher.log.alert.Subject;
import dev.fanfare.schemas.avro.Alert;
import java.util.Optional;

/// One rule and one of its subjects.
///
/// @param owner whose rule it is; empty for the operators'
record Watched(Optional<String> owner, String rule, Subject subject) {
  static Watched of(AlertRule rule, Subject subject) {
    return new Watched(rule.terms().owner(), rule.terms().id(), subject);
  }

  static Watched of(Alert alert) {
    return new Watched(
        Optional.ofNullable(alert.getOwner()),
        alert.getRule(),
        new Subject(
            Optional.ofNullable(alert.getTenant()),
            Optional.ofNullable(alert.getSubscriptionId())));
  }
}

package dev.fanfare.dispatcher.alerting;

import dev.fanfare.dispatcher.log.alert.AlertRule;
import dev.fanfare.dispatcher.log.alert.Reading;
import dev.fanfare.dispatcher.log.alert.Scope;
import dev.fanfare.dispatcher.log.alert.Scope.Per;
import dev.fanfare.dispatcher.log.alert.Subject;
import dev.fanfare.dispatcher.log.entry.Minute;
import dev.fanfare.dispatcher.log.query.Failures;
import dev.fanfare.dispatcher.log.query.LogQueries;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What the log shows at one moment, as rules ask for it. Asks the log once for what several rules
/// want. Used by one thread, for one round.
final class Measures {
  private final LogQueries queries;
  private final Function<String, Optional<String>> tenantOf;
  private final Instant now;
  private final Map<Duration, LogQueries.Measured<Failures>> failures = new HashMap<>();
  private LogQueries.@Nullable Standing standing;

  /// @param tenantOf a subscription's; empty when there is no such subscription any more
  Measures(LogQueries queries, Function<String, Optional<String>> tenantOf, Instant now) {
    this.queries = queries;
    this.tenantOf = tenantOf;
    this.now = now;
  }

  /// @param since when what was measured began, where that is known
  record Measured(Reading reading, Optional<Instant> since) {
    private static Measured of(Reading reading) {
      return new Measured(reading, Optional.empty());
    }

    private Measured worse(Measured other) {
      return reading.value() >= other.reading.value() ? this : other;
    }
  }

  /// @param values of subjects that there is something to say of
  /// @param whole whether of all others there is nothing to say
  record Round(Map<Subject, Measured> values, boolean whole) {}

  /// Empty while a partition of the log can't be asked: half of the truth is no reason to wake
  /// anybody, nor to send them home.
  Optional<Round> of(AlertRule rule) {
    return switch (rule) {
      case AlertRule.FailureRate(_, var window, _) ->
          counted(rule.terms().scope(), window, it -> Reading.rate(it.failed(), it.attempts()));
      case AlertRule.DeadLetters(_, var window) ->
          counted(rule.terms().scope(), window, it -> Reading.of(it.dead()));
      case AlertRule.ConsecutiveFailures _ -> streaks(rule.terms().scope());
      case AlertRule.OldestWaiting _ -> oldest(rule.terms().scope());
      case AlertRule.LedgerGap _ -> ledger();
      case AlertRule.EndpointDisabled _ -> Optional.empty(); // said by the worker
    };
  }

  private Optional<Round> counted(
      Scope scope, Duration window, Function<Failures, Reading> reading) {
    var measured =
        failures.computeIfAbsent(
            window,
            it -> {
              long minute = Minute.of(now.toEpochMilli());
              return queries.failures(minute - it.toMinutes() + 1, minute + 1);
            });
    if (!measured.missing().isEmpty()) {
      return Optional.empty();
    }
    var values = new HashMap<Subject, Measured>();
    measured
        .values()
        .forEach((counter, sum) ->
            subject(scope, counter)
                .ifPresent(it -> values.put(it, Measured.of(reading.apply(sum)))));
    return Optional.of(new Round(values, measured.whole()));
  }

  /// Whose counter of the log it is, if the rule looks at it.
  private Optional<Subject> subject(Scope scope, String counter) {
    boolean bySubscription = scope.per() == Per.SUBSCRIPTION || scope.subscription().isPresent();
    if (bySubscription) {
      return counter.startsWith("s") ? subscription(scope, counter.substring(1)) : Optional.empty();
    }
    if (scope.per() == Per.TENANT || scope.tenant().isPresent()) {
      return counter.startsWith("t")
              && scope.tenant().filter(it -> !it.equals(counter.substring(1))).isEmpty()
          ? Optional.of(new Subject(Optional.of(counter.substring(1)), Optional.empty()))
          : Optional.empty();
    }
    return counter.isEmpty() ? Optional.of(Subject.ALL) : Optional.empty();
  }

  private Optional<Subject> subscription(Scope scope, String id) {
    return tenantOf.apply(id).flatMap(tenant -> scope.subjectOf(tenant, id));
  }

  private LogQueries.Standing standing() {
    if (standing == null) {
      standing = queries.standing();
    }
    return standing;
  }

  private Optional<Round> streaks(Scope scope) {
    var values = new HashMap<Subject, Measured>();
    standing()
        .streaks()
        .forEach((id, streak) ->
            subscription(scope, id)
                .ifPresent(it ->
                    values.put(
                        it,
                        new Measured(
                            Reading.of(streak.count()),
                            Optional.of(Instant.ofEpochMilli(streak.since()))))));
    return whole(values);
  }

  private Optional<Round> oldest(Scope scope) {
    var values = new HashMap<Subject, Measured>();
    standing()
        .oldest()
        .forEach((id, oldest) ->
            subscription(scope, id)
                .ifPresent(it -> values.merge(it, waiting(oldest.since()), Measured::worse)));
    return whole(values);
  }

  private Measured waiting(long since) {
    var began = Instant.ofEpochMilli(since);
    long seconds = Math.max(Duration.between(began, now).toSeconds(), 0);
    return new Measured(Reading.of(seconds), Optional.of(began));
  }

  private Optional<Round> whole(Map<Subject, Measured> values) {
    return standing().missing().isEmpty()
        ? Optional.of(new Round(values, standing().whole()))
        : Optional.empty();
  }

  private Optional<Round> ledger() {
    var sum = queries.sum();
    var gap = Measured.of(Reading.of(sum.account().unaccounted()));
    return sum.missing().isEmpty()
        ? Optional.of(new Round(Map.of(Subject.ALL, gap), true))
        : Optional.empty();
  }
}

package dev.fanfare.dispatcher.alerting;

import dev.fanfare.dispatcher.log.alert.AlertRule;
import dev.fanfare.dispatcher.log.alert.Reading;
import dev.fanfare.retry.ladder.DurationText;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/// What an alert says, in a sentence that stands alone.
final class AlertTexts {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private AlertTexts() {}

  /// @param name of what it is about, e.g. an endpoint's
  /// @param since when what was measured began, where that is known
  static String fired(
      AlertRule rule, String name, Reading reading, Optional<Instant> since, boolean flapping) {
    var text =
        measured(rule, name, reading, since)
            + switch (rule) {
              case AlertRule.LedgerGap _, AlertRule.EndpointDisabled _ -> ".";
              default -> " (alert at %s).".formatted(bound(rule, rule.terms().threshold()));
            };
    return flapping
        ? text + " It comes and goes: you are told that it is over when it has been for a while."
        : text;
  }

  static String resolved(AlertRule rule, String name, Reading reading, Duration lasted) {
    return "%s is over after %s: now %s."
        .formatted(title(rule, name), span(lasted), now(rule, reading));
  }

  /// Over without anything having been measured.
  static String withdrawn(String name, String why, Duration lasted) {
    return "The alert on %s is over after %s: %s.".formatted(name, span(lasted), why);
  }

  private static String measured(
      AlertRule rule, String name, Reading reading, Optional<Instant> since) {
    return switch (rule) {
      case AlertRule.FailureRate(_, var window, _) ->
          "%s of %,d attempts to %s failed within %s"
              .formatted(percent(reading.value()), reading.volume(), name, window(window));
      case AlertRule.ConsecutiveFailures _ ->
          "%s has failed %,d times in a row%s"
              .formatted(name, (long) reading.value(), since(since));
      case AlertRule.DeadLetters(_, var window) ->
          "%,d %s to %s %s given up within %s"
              .formatted(
                  (long) reading.value(),
                  noun(reading, "delivery", "deliveries"),
                  name,
                  noun(reading, "was", "were"),
                  window(window));
      case AlertRule.OldestWaiting _ ->
          "The oldest delivery to %s has waited for %s%s"
              .formatted(name, span(Duration.ofSeconds((long) reading.value())), since(since));
      case AlertRule.LedgerGap _ ->
          "%,d %s unaccounted for"
              .formatted((long) reading.value(), noun(reading, "delivery is", "deliveries are"));
      case AlertRule.EndpointDisabled _ -> "%s is disabled".formatted(name);
    };
  }

  private static String title(AlertRule rule, String name) {
    return switch (rule) {
      case AlertRule.FailureRate _ -> "The failure rate of " + name;
      case AlertRule.ConsecutiveFailures _ -> "The outage of " + name;
      case AlertRule.DeadLetters _ -> "The alert on dead letters of " + name;
      case AlertRule.OldestWaiting _ -> "The long wait for " + name;
      case AlertRule.LedgerGap _ -> "The gap in the ledger";
      case AlertRule.EndpointDisabled _ -> "The alert on " + name;
    };
  }

  private static String now(AlertRule rule, Reading reading) {
    return switch (rule) {
      case AlertRule.FailureRate _ when reading.volume() == 0 -> "no failed attempt";
      case AlertRule.FailureRate _ ->
          "%s of %,d attempts fail".formatted(percent(reading.value()), reading.volume());
      case AlertRule.ConsecutiveFailures _ -> "it answers again";
      case AlertRule.DeadLetters(_, var window) ->
          "%,d given up within %s".formatted((long) reading.value(), window(window));
      case AlertRule.OldestWaiting _ when reading.value() == 0 -> "nothing waits";
      case AlertRule.OldestWaiting _ ->
          "the oldest waits for " + span(Duration.ofSeconds((long) reading.value()));
      case AlertRule.LedgerGap _ ->
          reading.value() == 0
              ? "every delivery is accounted for"
              : "%,d unaccounted for".formatted((long) reading.value());
      case AlertRule.EndpointDisabled _ -> "it is no longer disabled";
    };
  }

  private static String bound(AlertRule rule, double value) {
    return switch (rule) {
      case AlertRule.FailureRate _ -> percent(value);
      case AlertRule.OldestWaiting _ -> span(Duration.ofSeconds((long) value));
      default -> "%,d".formatted((long) Math.ceil(value));
    };
  }

  private static String percent(double part) {
    double percent = part * 100;
    return percent == Math.rint(percent) || percent >= 10
        ? "%.0f %%".formatted(percent)
        : "%.1f %%".formatted(percent);
  }

  private static String window(Duration window) {
    return DurationText.format(window);
  }

  private static String since(Optional<Instant> since) {
    return since.map(it -> ", since " + TIME.format(it)).orElse("");
  }

  private static String noun(Reading reading, String one, String many) {
    return reading.value() == 1 ? one : many;
  }

  /// The two largest units.
  static String span(Duration span) {
    if (span.toDays() > 0) {
      return span.toDays() + " d" + more(span.toHoursPart(), "h");
    }
    if (span.toHours() > 0) {
      return span.toHours() + " h" + more(span.toMinutesPart(), "min");
    }
    if (span.toMinutes() > 0) {
      return span.toMinutes() + " min" + more(span.toSecondsPart(), "s");
    }
    return span.toSeconds() + " s";
  }

  private static String more(int number, String unit) {
    return number == 0 ? "" : " " + number + " " + unit;
  }
}

package dev.fanfare.dispatcher.log.alert;

import java.util.Optional;
import java.util.stream.Stream;

/// The kinds of rules. The code is what stands in records and in the API.
public enum AlertKind {
  /// The part of the attempts that fail, 0 to 1.
  FAILURE_RATE("failure_rate", true),
  /// Attempts to one endpoint that fail one after another.
  CONSECUTIVE_FAILURES("consecutive_failures", false),
  /// Deliveries given up.
  DEAD_LETTERS("dead_letters", true),
  /// Seconds that the oldest open delivery has waited.
  OLDEST_WAITING("oldest_waiting", false),
  /// Deliveries that are unaccounted for.
  LEDGER_GAP("ledger_gap", false),
  /// An endpoint was given up by the worker that delivers to it, which also says so.
  ENDPOINT_DISABLED("endpoint_disabled", false);

  private final String code;
  private final boolean counts;

  AlertKind(String code, boolean counts) {
    this.code = code;
    this.counts = counts;
  }

  public String code() {
    return code;
  }

  /// Whether it counts what happens within a window.
  public boolean counts() {
    return counts;
  }

  public static Optional<AlertKind> find(String code) {
    return Stream.of(values()).filter(it -> it.code.equals(code)).findFirst();
  }
}

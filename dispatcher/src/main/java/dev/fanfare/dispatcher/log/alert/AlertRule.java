package dev.fanfare.dispatcher.log.alert;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// When somebody is told. A rule fires at its threshold and resolves below a lower bound; in
/// between, whatever was said last holds.
public sealed interface AlertRule {
  Duration SHORTEST_WINDOW = Duration.ofMinutes(1);
  Duration LONGEST_WINDOW = Duration.ofHours(24);

  Terms terms();

  AlertKind kind();

  /// Over how long a time it counts; empty for what is so or not so now.
  default Optional<Duration> window() {
    return Optional.empty();
  }

  /// The least volume that is evidence enough to fire.
  default long minimumVolume() {
    return 0;
  }

  /// What every rule has.
  ///
  /// @param id among its owner's
  /// @param owner the tenant whose rule it is; empty for the operators'
  /// @param threshold fires at it
  /// @param resolveBelow resolves below it; not above the threshold
  /// @param channels names of channels; [#EVERY_CHANNEL] for all of the owner's
  record Terms(
      String id,
      Optional<String> owner,
      Scope scope,
      double threshold,
      double resolveBelow,
      boolean enabled,
      List<String> channels) {
    public static final String EVERY_CHANNEL = "*";

    /// @throws IllegalArgumentException if it could never resolve, or would in the same breath
    public Terms {
      if (!(threshold > 0) || !Double.isFinite(threshold)) {
        throw new IllegalArgumentException("threshold must be a number above 0");
      }
      if (!(resolveBelow > 0 && resolveBelow <= threshold)) {
        throw new IllegalArgumentException(
            "resolve_below must be above 0 and not above the threshold");
      }
      channels = List.copyOf(channels);
    }
  }

  record FailureRate(Terms terms, Duration counted, long minimumVolume) implements AlertRule {
    /// @throws IllegalArgumentException if the threshold is no part, or the window too short or
    ///   long
    public FailureRate {
      if (terms.threshold() > 1) {
        throw new IllegalArgumentException("threshold must be a part, at most 1");
      }
      if (minimumVolume < 1) {
        throw new IllegalArgumentException("minimum_volume must be at least 1");
      }
      requireWindow(counted);
    }

    @Override
    public AlertKind kind() {
      return AlertKind.FAILURE_RATE;
    }

    @Override
    public Optional<Duration> window() {
      return Optional.of(counted);
    }
  }

  record ConsecutiveFailures(Terms terms) implements AlertRule {
    /// @throws IllegalArgumentException if it is to look at several endpoints as if they were one
    public ConsecutiveFailures {
      if (terms.scope().per() != Scope.Per.SUBSCRIPTION) {
        throw new IllegalArgumentException("per must be subscription: one endpoint fails in a row");
      }
    }

    @Override
    public AlertKind kind() {
      return AlertKind.CONSECUTIVE_FAILURES;
    }
  }

  record DeadLetters(Terms terms, Duration counted) implements AlertRule {
    /// @throws IllegalArgumentException if the window is too short or long
    public DeadLetters {
      requireWindow(counted);
    }

    @Override
    public AlertKind kind() {
      return AlertKind.DEAD_LETTERS;
    }

    @Override
    public Optional<Duration> window() {
      return Optional.of(counted);
    }
  }

  record OldestWaiting(Terms terms) implements AlertRule {
    @Override
    public AlertKind kind() {
      return AlertKind.OLDEST_WAITING;
    }
  }

  record LedgerGap(Terms terms) implements AlertRule {
    /// @throws IllegalArgumentException if it is to look at a part: the ledger is everybody's
    public LedgerGap {
      if (!terms.scope().equals(Scope.EVERYTHING)) {
        throw new IllegalArgumentException(
            "per must be all, and tenant and subscription_id empty: the ledger is everybody's");
      }
    }

    @Override
    public AlertKind kind() {
      return AlertKind.LEDGER_GAP;
    }
  }

  record EndpointDisabled(Terms terms) implements AlertRule {
    @Override
    public AlertKind kind() {
      return AlertKind.ENDPOINT_DISABLED;
    }
  }

  private static void requireWindow(Duration window) {
    if (window.compareTo(SHORTEST_WINDOW) < 0
        || window.compareTo(LONGEST_WINDOW) > 0
        || window.toSeconds() % 60 != 0) {
      throw new IllegalArgumentException("window must be whole minutes, from 1m to 24h");
    }
  }
}

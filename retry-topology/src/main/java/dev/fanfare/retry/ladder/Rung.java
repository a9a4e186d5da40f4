package dev.fanfare.retry.ladder;

import java.time.Duration;

/// One fixed delay and the topic that holds it. Records in one rung fall due in the order in which
/// they were written.
///
/// @param label the delay as it stands in the topic's name, e.g. `5s`
/// @param delay how long a record stays
public record Rung(String label, Duration delay) implements Comparable<Rung> {
  /// @throws IllegalArgumentException if the delay is not a positive whole number of milliseconds,
  ///   or the label does not say the same
  public Rung {
    if (delay.toMillis() < 1) {
      throw new IllegalArgumentException("a rung's delay must be positive: " + delay);
    }
    if (!DurationText.parse(label).equals(delay)) {
      throw new IllegalArgumentException("the label " + label + " does not say " + delay);
    }
  }

  public static Rung of(Duration delay) {
    return new Rung(DurationText.format(delay), delay);
  }

  /// @param label as in [DurationText], e.g. `5s`
  public static Rung of(String label) {
    return new Rung(label, DurationText.parse(label));
  }

  @Override
  public int compareTo(Rung other) {
    return delay.compareTo(other.delay);
  }
}

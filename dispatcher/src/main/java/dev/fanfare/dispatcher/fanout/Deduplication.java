package dev.fanfare.dispatcher.fanout;

import java.time.Duration;

/// How long an event is remembered, so that it makes no deliveries when it comes again.
///
/// @param window zero for not at all
/// @param mostEvents remembered for one partition of the input; of more, those unseen for longest
///   are forgotten before their time
public record Deduplication(Duration window, int mostEvents) {
  public static final Deduplication OFF = new Deduplication(Duration.ZERO, 20_000);

  private static final int MOST = 1_000_000;

  /// @throws IllegalArgumentException if a value is out of its range
  public Deduplication {
    if (window.isNegative() || window.toHours() > 24) {
      throw new IllegalArgumentException("deduplication_window must be from 0s to 24h: " + window);
    }
    if (mostEvents < 1 || mostEvents > MOST) {
      throw new IllegalArgumentException(
          "deduplication_events must be from 1 to 1000000: " + mostEvents);
    }
  }

  boolean isOn() {
    return window.isPositive();
  }
}

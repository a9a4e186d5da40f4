package dev.fanfare.dispatcher.log.alert;

import java.time.Duration;

/// How an alert that flaps is kept quiet: when it has fired so often within the memory, it resolves
/// only after it has been well for so long without a break. So nobody is told more often than
/// `free` times, and then once every `calm`.
public record Damping(Duration memory, int free, Duration calm) {
  public static final Damping USUAL = new Damping(Duration.ofHours(1), 3, Duration.ofMinutes(10));

  /// @throws IllegalArgumentException if nothing could ever fire, or be forgotten
  public Damping {
    if (free < 1 || memory.isNegative() || memory.isZero() || calm.isNegative()) {
      throw new IllegalArgumentException("damping needs one free alert and a memory");
    }
  }
}

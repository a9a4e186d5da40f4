package dev.fanfare.dispatcher.control;

import java.time.Duration;

/// How what is asked for is written down.
///
/// @param writeTimeout how long a write may take before it counts as failed
public record ControlSettings(Duration writeTimeout) {
  /// @throws IllegalArgumentException if the timeout is not positive
  public ControlSettings {
    if (!writeTimeout.isPositive()) {
      throw new IllegalArgumentException("write_timeout must be positive");
    }
  }
}

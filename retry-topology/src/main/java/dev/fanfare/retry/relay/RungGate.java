package dev.fanfare.retry.relay;

import java.time.Duration;
import java.time.Instant;

/// Whether a record may leave its rung: when the rung's delay is over or its delivery is due,
/// whichever comes first, and never before.
///
/// ```
///   appended ────────── delay ──────────▶│ leaves, goes down a rung      due at │
///   appended ───────────────────▶│ due: leaves for good    │ (delay over)
/// ```
public sealed interface RungGate {
  record Forward() implements RungGate {}

  record WaitUntil(Instant instant) implements RungGate {}

  /// @param delay the rung's
  static RungGate at(Stay stay, Duration delay, Instant now) {
    var opens = opensFor(stay, delay);
    return opens.isAfter(now) ? new WaitUntil(opens) : new Forward();
  }

  /// The earliest instant at which the record may leave.
  static Instant opensFor(Stay stay, Duration delay) {
    var over = stay.since().plus(delay);
    return stay.dueAt().filter(over::isAfter).orElse(over);
  }
}

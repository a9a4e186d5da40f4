package dev.fanfare.sandbox.system;

import java.time.Duration;
import java.time.Instant;

/// Something that was killed and came back.
///
/// @param what for messages
/// @param at just before it was killed
/// @param gone when it was dead for sure
/// @param back when it was at work again
record Fault(String what, Instant at, Instant gone, Instant back) {
  /// What a receiver has still to read of what came from a process that is dead.
  private static final Duration UNREAD = Duration.ofSeconds(1);

  /// Whether it explains that a POST made once was made again.
  boolean isBetween(Instant one, Instant next) {
    return one.isBefore(back.plus(UNREAD)) && next.isAfter(at);
  }
}

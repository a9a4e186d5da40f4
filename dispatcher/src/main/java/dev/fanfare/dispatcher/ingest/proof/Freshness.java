package dev.fanfare.dispatcher.ingest.proof;

import java.time.Duration;
import java.time.Instant;

/// How old a signature may be.
///
/// Longer than most schemes say, for a reason: these providers send again what was not acknowledged
/// for up to a day, some with the signature that they made the first time. To refuse it as too old
/// would lose it; to take it twice makes no second event, since ids are derived from content.
final class Freshness {
  private static final Duration PAST = Duration.ofHours(25);
  private static final Duration AHEAD = Duration.ofMinutes(5);

  private Freshness() {}

  static boolean isFresh(Instant signedAt, Instant now) {
    return !signedAt.isBefore(now.minus(PAST)) && !signedAt.isAfter(now.plus(AHEAD));
  }

  /// Seconds since the epoch, as a text.
  static boolean isFresh(String seconds, Instant now) {
    return seconds.matches("\\d{1,11}")
        && isFresh(Instant.ofEpochSecond(Long.parseLong(seconds)), now);
  }

  /// How long something signed may come again, counted from its arrival.
  static Duration span() {
    return PAST.plus(AHEAD);
  }
}

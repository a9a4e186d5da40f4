package dev.fanfare.retry.relay;

import dev.fanfare.retry.ladder.DelayLadder;
import dev.fanfare.retry.ladder.Rung;
import java.time.Duration;
import java.time.Instant;

/// Where a record goes that leaves its rung.
public sealed interface Hop {
  /// Its delivery is due.
  record Release() implements Hop {}

  /// It waits on, on this rung.
  record Descend(Rung rung) implements Hop {}

  static Hop of(Stay stay, DelayLadder ladder, Instant now) {
    return stay.dueAt()
        .filter(now::isBefore)
        .<Hop>map(dueAt -> new Descend(ladder.rungFor(Duration.between(now, dueAt))))
        .orElseGet(Release::new);
  }
}

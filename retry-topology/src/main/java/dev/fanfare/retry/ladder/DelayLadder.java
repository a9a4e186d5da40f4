package dev.fanfare.retry.ladder;

import java.time.Duration;
import java.util.List;

/// The rungs, shortest first. Any wait is a climb down: a delivery takes the longest rung that fits
/// what remains, and again when it is released, until it is due.
///
/// ```
/// due in 47m:   |-------30m-------|--10m--|-2m-|-2m-|-2m-|30s|30s|…
/// ```
public record DelayLadder(List<Rung> rungs) {
  /// @throws IllegalArgumentException if there is no rung, or two of the same delay
  public DelayLadder {
    if (rungs.isEmpty()) {
      throw new IllegalArgumentException("a ladder needs a rung");
    }
    rungs = rungs.stream().sorted().toList();
    for (int i = 1; i < rungs.size(); i++) {
      if (rungs.get(i).compareTo(rungs.get(i - 1)) == 0) {
        throw new IllegalArgumentException("two rungs have the delay " + rungs.get(i).label());
      }
    }
  }

  /// The rung for what remains: the longest that is not longer, or the shortest when all are
  /// longer, since a delivery may be late by less than the shortest rung but never early.
  public Rung rungFor(Duration remaining) {
    Rung best = rungs.getFirst();
    for (var rung : rungs) {
      if (rung.delay().compareTo(remaining) > 0) {
        break;
      }
      best = rung;
    }
    return best;
  }

  public Rung shortest() {
    return rungs.getFirst();
  }

  public Rung longest() {
    return rungs.getLast();
  }
}

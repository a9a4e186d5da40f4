package dev.fanfare.retry.ladder;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/// The rungs, shortest first. Any wait is a climb down: a delivery takes the longest rung that fits
/// what remains, and again when it is released, until it is due.
///
/// ```
/// due in 47m:   |-------30m-------|--10m--|-2m-|-2m-|-2m-|30s|30s|
/// ```
///
/// Invariant: the hops of a climb last at least the wait and less than the wait plus the shortest
/// rung. A relay releases a record early from its rung when its `due_at` comes first, so the excess
/// is the most that a record can be held up by those before it, not what it usually is.
public record DelayLadder(List<Rung> rungs) {
  /// The waits of the default schedule, and one second for shorter ones: a `Retry-After: 2`, or
  /// what is left of a longer wait.
  public static final DelayLadder DEFAULT =
      of("1s", "5s", "30s", "2m", "10m", "30m", "1h", "2h", "3h", "4h", "6h", "7h");

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

  /// @param labels as in [DurationText], e.g. `5s`, `2m`
  public static DelayLadder of(String... labels) {
    return new DelayLadder(Arrays.stream(labels).map(Rung::of).toList());
  }

  /// The rung for what remains: the longest that exceeds it by less than the shortest rung; the
  /// shortest when nothing or less than nothing remains.
  ///
  /// The tolerance keeps a wait of 30 s on the 30 s rung when the rung is chosen some milliseconds
  /// after the wait was decided; without it that would be five hops of 5 s and four of 1 s.
  public Rung rungFor(Duration remaining) {
    var bound = remaining.plus(shortest().delay());
    Rung best = shortest();
    for (var rung : rungs) {
      if (rung.delay().compareTo(bound) >= 0) {
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

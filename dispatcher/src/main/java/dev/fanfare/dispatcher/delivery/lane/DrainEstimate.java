package dev.fanfare.dispatcher.delivery.lane;

/// How fast a lane works off what waits in it, from what it has managed lately.
///
/// An exponentially weighted mean of completions per second of work; time in which there was
/// nothing to do does not count. An attempt that has been in flight for long lowers it before it
/// ends: an endpoint that hangs is known to be slow while it hangs.
///
/// A lane that is cold gets faster: connections are made, attempts in flight become more, code
/// warms up. What it has managed so far is then a lower bound and no estimate, so it is known only
/// when it has worked for a while without getting notably faster.
final class DrainEstimate {
  private static final double MEMORY_MS = 2_000;
  private static final long SHORTEST_SAMPLE_MS = 100;
  private static final long LEARNING_MS = 1_000;

  /// What counts as having become faster.
  private static final double NOTABLY = 1.25;

  /// Taken for the duration of an attempt until one is known.
  private static final double SUPPOSED_MS = 100;

  /// One in a minute: the slowest that is planned for.
  private static final double SLOWEST_PER_SECOND = 1.0 / 60;

  private double weighted;
  private double weight;
  private double best;
  private long steadyMs;
  private long sampledMs;
  private long sinceMs;
  private long completions;
  private boolean working;
  private boolean completedAny;

  /// There is something to do from now on.
  void begin(long nowMs) {
    if (!working) {
      working = true;
      sinceMs = nowMs;
    }
  }

  void completed(long nowMs) {
    completions++;
    completedAny = true;
    fold(nowMs);
  }

  /// There is nothing to do from now on.
  void end(long nowMs) {
    fold(nowMs);
    working = false;
  }

  private void fold(long nowMs) {
    if (working) {
      sampledMs += Math.max(0, nowMs - sinceMs);
      sinceMs = Math.max(sinceMs, nowMs);
    }
    if (sampledMs >= SHORTEST_SAMPLE_MS) {
      double keep = Math.exp(-sampledMs / MEMORY_MS);
      weighted = weighted * keep + completions * 1000.0 / sampledMs * (1 - keep);
      weight = weight * keep + (1 - keep);
      steadyMs += sampledMs;
      completions = 0;
      sampledMs = 0;
      if (weighted / weight > best * NOTABLY) {
        best = weighted / weight;
        steadyMs = 0;
      }
    }
  }

  /// Whether it has worked for long enough to be judged, and gets no faster.
  boolean isKnown(long nowMs) {
    fold(nowMs);
    return steadyMs >= LEARNING_MS;
  }

  /// Completions a second to be expected, above 0.
  ///
  /// Before anything is known the best is hoped for: what is shed on a guess and comes back too
  /// early hops once more, what comes back too late has left the endpoint idle.
  ///
  /// @param slots attempts that may be in flight
  /// @param most attempts that may come to be in flight
  /// @param oldestMs how long the oldest attempt has been in flight, 0 when there is none
  double perSecond(int slots, int most, long oldestMs, long nowMs) {
    boolean known = isKnown(nowMs) && completedAny;
    double shown = completedAny && weight > 0 ? weighted / weight : 0;
    double measured = known ? shown : Math.max(shown, most * 1000 / SUPPOSED_MS);
    double ceiling = oldestMs < LEARNING_MS ? Double.MAX_VALUE : slots * 1000.0 / oldestMs;
    return Math.max(SLOWEST_PER_SECOND, Math.min(measured, ceiling));
  }
}

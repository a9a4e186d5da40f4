package dev.fanfare.dispatcher.delivery.lane;

/// How fast an endpoint has been when it was well: what it may be expected to do when it is well
/// again. It fades within minutes of work, and not at all while nothing is taken.
final class WellSpeed {
  private static final double MEMORY_MS = 60_000;

  /// A pause between two successes counts for no more than this.
  private static final long LONGEST_STEP_MS = 1_000;

  /// Taken for the duration of an attempt until one is known.
  private static final double SUPPOSED_MS = 100;

  private double perSecond;
  private long servedAtMs;

  /// A success, and the speed of the lane at the time. Not of one that is still getting faster.
  void served(double shownPerSecond, long nowMs) {
    long stepMs = Math.clamp(nowMs - servedAtMs, 0, LONGEST_STEP_MS);
    perSecond = Math.max(shownPerSecond, perSecond * Math.exp(-stepMs / MEMORY_MS));
    servedAtMs = nowMs;
  }

  /// Before anything is known the best is hoped for: what comes back too early hops once more, what
  /// comes back too late has left the endpoint idle.
  ///
  /// @param most attempts that may come to be in flight
  double perSecond(int most) {
    return perSecond > 0 ? perSecond : most * 1000 / SUPPOSED_MS;
  }
}

package dev.fanfare.dispatcher.delivery.lane;

/// How many attempts an endpoint may have in flight: additive increase, multiplicative decrease,
/// with slow start, as TCP finds its window (RFC 5681).
///
/// ```
/// limit
///   │            ╭──╮ failure: half
///   │       ╭────╯  │      ╭───        linear above the threshold
///   │     ╭─╯       ╰──────╯
///   │   ╭─╯ slow start: one more for each success
///   └───┴──────────────────────▶
/// ```
///
/// It grows only while it is used, so that an idle endpoint does not earn a burst: above the
/// threshold it is never more than one beyond what the endpoint has been seen to take. And attempts
/// that began before the last decrease teach it nothing, so that one burst of failures halves it
/// once.
final class ConcurrencyLimit {
  private double limit = 1;
  private double threshold;
  private int most;
  private long decreasedAtMs = Long.MIN_VALUE;
  private int peak;
  private int endedInRound;

  /// @param most never more than this; at least 1
  ConcurrencyLimit(int most) {
    this.most = most;
    this.threshold = most;
  }

  int limit() {
    return (int) limit;
  }

  int most() {
    return most;
  }

  /// @param inFlight attempts in flight, itself included
  void started(int inFlight) {
    peak = Math.max(peak, inFlight);
  }

  /// @param inFlight attempts still in flight
  void ended(int inFlight) {
    endedInRound++;
    if (endedInRound >= peak) {
      endedInRound = 0;
      peak = inFlight;
    }
  }

  void succeeded(long startedAtMs) {
    boolean slowStart = limit < threshold;
    boolean used = slowStart ? peak * 2 >= limit() : peak + 1 >= limit();
    if (startedAtMs > decreasedAtMs && used) {
      limit = Math.min(most, limit + (slowStart ? 1 : 1 / limit));
    }
  }

  void failed(long startedAtMs, long nowMs) {
    if (startedAtMs > decreasedAtMs) {
      threshold = Math.max(1, limit / 2);
      limit = threshold;
      decreasedAtMs = nowMs;
    }
  }

  /// Starts again at 1 and grows fast to half of what it was.
  void restart(long nowMs) {
    threshold = Math.max(1, limit / 2);
    limit = 1;
    decreasedAtMs = nowMs;
  }

  void most(int most) {
    if (most != this.most) {
      this.most = most;
      threshold = most;
      limit = Math.min(limit, most);
    }
  }
}

package dev.fanfare.dispatcher.delivery.lane;

import java.util.Locale;

/// What a lane is doing, for people to look at.
public enum LaneState {
  /// Nothing waits and nothing is in flight.
  IDLE,
  /// Attempts are made as deliveries come.
  FLOWING,
  /// Deliveries wait for a free slot or for the rate limit.
  QUEUEING,
  /// The endpoint fails: nothing is attempted.
  BREAKER_OPEN,
  /// The endpoint failed and is tried, one attempt at a time.
  BREAKER_HALF_OPEN;

  static LaneState of(Lane<?> lane) {
    return switch (lane.breaker()) {
      case Breaker.Open _ -> BREAKER_OPEN;
      case Breaker.HalfOpen _ -> BREAKER_HALF_OPEN;
      case Breaker.Closed _ when lane.waiting() > 0 -> QUEUEING;
      case Breaker.Closed _ when lane.inFlight() > 0 -> FLOWING;
      case Breaker.Closed _ -> IDLE;
    };
  }

  /// As it stands in metrics.
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }
}

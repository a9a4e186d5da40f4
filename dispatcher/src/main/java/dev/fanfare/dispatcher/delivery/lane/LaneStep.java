package dev.fanfare.dispatcher.delivery.lane;

/// What a lane wants done next.
public sealed interface LaneStep<D> {
  /// Attempt this one now.
  record Start<D>(D delivery) implements LaneStep<D> {}

  /// Settle this one as deferred: no attempt is made, it waits elsewhere.
  record Shed<D>(D delivery, long dueAtMs, Reason reason) implements LaneStep<D> {}

  /// Nothing before then; ask again.
  record WaitUntil<D>(long atMs) implements LaneStep<D> {}

  /// Nothing until something is offered or completed.
  record Idle<D>() implements LaneStep<D> {}

  /// One could start if there were room for its call; ask again when there is.
  record NoRoom<D>() implements LaneStep<D> {}

  /// Why a delivery is shed. The code is what stands in metrics.
  enum Reason {
    LANE_FULL("lane_full"),
    BREAKER_OPEN("breaker_open");

    private final String code;

    Reason(String code) {
      this.code = code;
    }

    public String code() {
      return code;
    }
  }
}

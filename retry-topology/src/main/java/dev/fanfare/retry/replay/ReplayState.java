package dev.fanfare.retry.replay;

/// Where a job stands. Each transition is a method of the states from which it is legal, so an
/// illegal one does not compile.
public sealed interface ReplayState {
  /// Not counted yet.
  record Planned() implements ReplayState {
    public Running start(Progress progress) {
      return new Running(progress);
    }

    public Paused pause() {
      return new Paused(false, Progress.NONE);
    }

    public Cancelled cancel() {
      return new Cancelled(Progress.NONE);
    }

    public Failed fail(String reason) {
      return new Failed(Progress.NONE, reason);
    }

    @Override
    public Progress progress() {
      return Progress.NONE;
    }

    @Override
    public String word() {
      return "planned";
    }
  }

  record Running(Progress progress) implements ReplayState {
    public Running moved(Progress further) {
      return new Running(further);
    }

    public Paused pause() {
      return new Paused(true, progress);
    }

    public Cancelled cancel() {
      return new Cancelled(progress);
    }

    public Failed fail(String reason) {
      return new Failed(progress, reason);
    }

    /// @throws IllegalStateException if something is left to read
    public Finished finish() {
      if (!progress.complete()) {
        throw new IllegalStateException("not everything has been read: " + progress);
      }
      return new Finished(progress);
    }

    @Override
    public String word() {
      return "running";
    }
  }

  /// @param begun whether it had been counted before
  record Paused(boolean begun, Progress progress) implements ReplayState {
    public ReplayState resume() {
      return begun ? new Running(progress) : new Planned();
    }

    public Cancelled cancel() {
      return new Cancelled(progress);
    }

    @Override
    public String word() {
      return "paused";
    }
  }

  record Finished(Progress progress) implements ReplayState {
    @Override
    public String word() {
      return "finished";
    }
  }

  /// What was released stays released.
  record Cancelled(Progress progress) implements ReplayState {
    @Override
    public String word() {
      return "cancelled";
    }
  }

  /// @param reason for people
  record Failed(Progress progress, String reason) implements ReplayState {
    @Override
    public String word() {
      return "failed";
    }
  }

  Progress progress();

  /// As it stands in records and the API.
  String word();

  /// Whether nothing more will happen.
  default boolean isOver() {
    return switch (this) {
      case Planned _, Running _, Paused _ -> false;
      case Finished _, Cancelled _, Failed _ -> true;
    };
  }

  /// The state after what was asked of it; the same when that changes nothing.
  default ReplayState heed(Orders orders) {
    boolean hold = orders.hold() == Orders.Hold.PAUSE;
    return switch (this) {
      case Planned planned when orders.cancel() -> planned.cancel();
      case Running running when orders.cancel() -> running.cancel();
      case Paused paused when orders.cancel() -> paused.cancel();
      case Planned planned when hold -> planned.pause();
      case Running running when hold -> running.pause();
      case Paused paused when orders.hold() == Orders.Hold.RESUME -> paused.resume();
      case Planned _, Running _, Paused _, Finished _, Cancelled _, Failed _ -> this;
    };
  }
}

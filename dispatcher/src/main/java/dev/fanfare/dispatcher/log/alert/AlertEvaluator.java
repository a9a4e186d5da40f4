package dev.fanfare.dispatcher.log.alert;

import java.time.Instant;
import java.util.Optional;

/// Says of a reading whether somebody has to be told.
///
/// ```
///          value ≥ threshold, enough volume
///   calm ───────────────────────────────────▶ firing
///        ◀───────────────────────────────────
///          value < resolve_below, and, when it has fired too often lately, for a while
/// ```
public final class AlertEvaluator {
  private final Damping damping;

  public AlertEvaluator(Damping damping) {
    this.damping = damping;
  }

  /// What a reading means.
  public sealed interface Finding {
    /// What is known from now on.
    AlertState state();

    /// It fires, now.
    ///
    /// @param flapping whether it will resolve only after it has been well for a while
    record Fired(AlertState state, boolean flapping) implements Finding {}

    /// It is over.
    ///
    /// @param since when it fired
    record Resolved(AlertState state, Instant since) implements Finding {}

    /// Nothing that anybody has to be told.
    record Quiet(AlertState state) implements Finding {}
  }

  public Finding on(AlertRule rule, AlertState state, Reading reading, Instant now) {
    var terms = rule.terms();
    if (state.firing().isEmpty()) {
      if (reading.value() < terms.threshold() || reading.volume() < rule.minimumVolume()) {
        return new Finding.Quiet(state);
      }
      var next = state.firing(now, now.minus(damping.memory()));
      return new Finding.Fired(next, isFlapping(next, now));
    }
    if (reading.value() >= terms.resolveBelow()) {
      return new Finding.Quiet(state.well(Optional.empty()));
    }
    var wellSince = state.wellSince().orElse(now);
    boolean mayResolve = !isFlapping(state, now) || !now.isBefore(wellSince.plus(damping.calm()));
    return mayResolve
        ? new Finding.Resolved(state.resolved(), state.firing().get())
        : new Finding.Quiet(state.well(Optional.of(wellSince)));
  }

  private boolean isFlapping(AlertState state, Instant now) {
    var forgetBefore = now.minus(damping.memory());
    return state.fired().stream().filter(it -> it.isAfter(forgetBefore)).count() >= damping.free();
  }
}

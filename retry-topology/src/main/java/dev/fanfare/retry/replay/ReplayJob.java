package dev.fanfare.retry.replay;

import dev.fanfare.schemas.avro.Delivery;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A replay as it is asked for, and where it stands.
///
/// @param tenant who asked; empty for ops
/// @param rate most deliveries a second; the configured default when empty
/// @param picked the deliveries themselves, where they were found beforehand
/// @param trouble what holds it up at the moment, for people
public record ReplayJob(
    String id,
    Optional<String> tenant,
    ReplaySource source,
    ReplayFilter filter,
    Optional<Double> rate,
    ReplayState state,
    List<Delivery> picked,
    Optional<String> trouble,
    Instant createdAt,
    Instant updatedAt) {

  public ReplayJob {
    picked = List.copyOf(picked);
  }

  /// The same in another state; what held it up is forgotten.
  public ReplayJob in(ReplayState next, Instant now) {
    return new ReplayJob(
        id,
        tenant,
        source,
        filter,
        rate,
        next,
        next.isOver() ? List.of() : picked,
        Optional.empty(),
        createdAt,
        now);
  }

  public ReplayJob heldUpBy(String what, Instant now) {
    return new ReplayJob(
        id, tenant, source, filter, rate, state, picked, Optional.of(what), createdAt, now);
  }

  /// Why it failed, or what holds it up.
  public Optional<String> error() {
    return state instanceof ReplayState.Failed(_, String reason) ? Optional.of(reason) : trouble;
  }
}

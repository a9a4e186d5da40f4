package dev.fanfare.retry.relay;

import java.time.Instant;
import java.util.Optional;

/// One record's stay on one rung.
///
/// @param since when the broker appended it
/// @param dueAt when its delivery is due; empty when the record does not say, then it is due when
///   the rung's delay is over
public record Stay(Instant since, Optional<Instant> dueAt) {}

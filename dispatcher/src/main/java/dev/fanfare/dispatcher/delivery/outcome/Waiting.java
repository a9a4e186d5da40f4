package dev.fanfare.dispatcher.delivery.outcome;

import java.time.Instant;

/// What of a delivery decides its fate.
///
/// @param attempts attempts made so far
public record Waiting(int attempts, Instant createdAt, Instant expiresAt) {}

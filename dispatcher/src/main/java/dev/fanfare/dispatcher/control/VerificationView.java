package dev.fanfare.dispatcher.control;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/// What an endpoint has shown so far.
///
/// @param method `handshake` or `challenge`
/// @param state `pending`, `verified` or `failed`
/// @param detail why it failed
/// @param allowedRatePerMinute what the endpoint allows; empty for no limit
public record VerificationView(
    String method,
    String state,
    Optional<Instant> checkedAt,
    Optional<String> detail,
    OptionalLong allowedRatePerMinute) {}

package dev.fanfare.dispatcher.control;

import java.time.Instant;
import java.util.Optional;

/// A subscription as its owner sees it; holds no secret.
///
/// @param status `active`, `paused` or `disabled`
/// @param statusReason why it is disabled, or paused though its owner did not pause it
/// @param publicKey `whpk_…`, what receivers check ed25519 signatures with; empty without such a
///   key
/// @param version counts the changes, from 1
public record SubscriptionView(
    String id,
    SubscriptionSpec spec,
    String status,
    Optional<String> statusReason,
    Optional<String> publicKey,
    Optional<VerificationView> verification,
    Instant createdAt,
    Instant updatedAt,
    long version) {}

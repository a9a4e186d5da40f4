package dev.fanfare.dispatcher.subscription;

import dev.fanfare.dispatcher.egress.signature.SigningKeys;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// Where a subscription's events go and how they are sent.
///
/// @param headers header fields of the subscription's own, names as given
/// @param timeout for a whole call; empty for the configured default
public record Endpoint(
    URI url, Map<String, String> headers, SigningKeys keys, Optional<Duration> timeout) {}

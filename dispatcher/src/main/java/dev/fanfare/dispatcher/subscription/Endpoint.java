package dev.fanfare.dispatcher.subscription;

import dev.fanfare.dispatcher.egress.credential.Credential;
import dev.fanfare.dispatcher.egress.signature.SigningKeys;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// Where a subscription's events go and how they are sent.
///
/// @param headers header fields of the subscription's own, names as given
/// @param credential what POSTs show to the endpoint besides their signature
/// @param timeout for a whole call; empty for the configured default
public record Endpoint(
    URI url,
    Map<String, String> headers,
    SigningKeys keys,
    Optional<Credential> credential,
    Optional<Duration> timeout) {
  /// Header fields may be credentials, and so may a URL's query.
  @Override
  public String toString() {
    return "endpoint at " + url.getHost();
  }
}

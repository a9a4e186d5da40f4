package dev.fanfare.dispatcher.api;

import java.time.Duration;
import java.util.Optional;

/// How the HTTP server listens and what it takes.
///
/// @param host address to listen on
/// @param port 0 for a free one
/// @param idempotencyWindow how long the answer to an `Idempotency-Key` is remembered
public record ApiSettings(
    String host, int port, AccessSettings access, BodyLimits limits, Duration idempotencyWindow) {
  private static final String LOOPBACK_4 = "127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}";

  /// @throws IllegalArgumentException if the API is to be open to other machines
  public ApiSettings {
    if (access.open() && !isLoopback(host)) {
      throw new IllegalArgumentException(
          "open must be false, since host is " + host + ", no loopback address; set an api_key");
    }
  }

  /// Why a server that asks for keys can't start; empty when it can.
  public Optional<String> closedBecause() {
    return access.open() || access.apiKey().isPresent()
        ? Optional.empty()
        : Optional.of(
            "api.api_key is not set: give it a key of 16 or more characters, e.g. by"
                + " FANFARE_API_API_KEY, or for development set api.open to true (loopback only)");
  }

  /// Whether a host, as written, can only mean this machine.
  static boolean isLoopback(String host) {
    return host.equalsIgnoreCase("localhost")
        || host.matches(LOOPBACK_4)
        || host.equals("::1")
        || host.equals("[::1]");
  }
}

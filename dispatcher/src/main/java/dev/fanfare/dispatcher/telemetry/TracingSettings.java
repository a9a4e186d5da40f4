package dev.fanfare.dispatcher.telemetry;

import java.net.URI;
import java.util.Optional;

/// Where spans go.
///
/// @param endpoint that takes OTLP over HTTP as JSON; without one there are no spans
/// @param authorization sent as `Authorization`; secret
/// @param service by which name the spans go
public record TracingSettings(
    Optional<URI> endpoint, Optional<String> authorization, String service) {
  public static final TracingSettings OFF =
      new TracingSettings(Optional.empty(), Optional.empty(), "fanfare");

  /// @throws IllegalArgumentException naming the setting that can't be sent
  public TracingSettings {
    if (endpoint.isPresent() && !isHttp(endpoint.get())) {
      throw new IllegalArgumentException("endpoint must begin with http:// or https://");
    }
    if (!authorization.map(TracingSettings::isPlain).orElse(true)) {
      throw new IllegalArgumentException("authorization must be printable ASCII, on one line");
    }
    if (service.isBlank() || !isPlain(service)) {
      throw new IllegalArgumentException("service must be printable ASCII, and not empty");
    }
  }

  /// What a field of HTTP may hold (RFC 9110, section 5.5), save the tab and what is obsolete.
  private static boolean isPlain(String text) {
    return text.chars().allMatch(c -> c >= ' ' && c <= '~');
  }

  private static boolean isHttp(URI uri) {
    return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
        && uri.getHost() != null;
  }

  @Override
  public String toString() {
    return "spans to " + endpoint.map(URI::getHost).orElse("nobody");
  }
}

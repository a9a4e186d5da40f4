package dev.fanfare.dispatcher.api;

import java.util.Optional;
import java.util.regex.Pattern;

/// Who may use the API, and how often. `toString` does not show the key.
///
/// @param apiKey an admin's key that needs no topic; empty for none
/// @param open whether no key is asked for
/// @param metricsNeedKey whether `/metrics` asks for a key
public record AccessSettings(
    Optional<String> apiKey, boolean open, boolean metricsNeedKey, RateLimits limits) {
  private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{16,256}");

  /// @throws IllegalArgumentException if the key is too short to be one, or the API is to be open
  ///   and to have a key
  public AccessSettings {
    if (apiKey.isPresent() && !KEY.matcher(apiKey.get()).matches()) {
      throw new IllegalArgumentException(
          "api_key must be 16 to 256 visible ASCII characters without spaces");
    }
    if (apiKey.isPresent() && open) {
      throw new IllegalArgumentException("open must be false when there is an api_key");
    }
  }

  @Override
  public String toString() {
    return open ? "open" : apiKey.isPresent() ? "by key" : "closed";
  }
}

package dev.fanfare.schemas.serde;

import java.util.Map;

/// How to reach the schema registry.
///
/// @param properties Confluent's own names, e.g. `schema.registry.url`, `auto.register.schemas`,
///   `basic.auth.user.info`; passed through as given
public record RegistrySettings(Map<String, String> properties) {
  private static final String URL = "schema.registry.url";

  /// @throws IllegalArgumentException if `schema.registry.url` is missing
  public RegistrySettings {
    properties = Map.copyOf(properties);
    if (properties.getOrDefault(URL, "").isBlank()) {
      throw new IllegalArgumentException(URL + " is required");
    }
  }

  public static RegistrySettings at(String url) {
    return new RegistrySettings(Map.of(URL, url));
  }

  public String url() {
    return properties.getOrDefault(URL, "");
  }
}

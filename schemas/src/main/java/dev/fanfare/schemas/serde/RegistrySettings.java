package dev.fanfare.schemas.serde;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// How to reach the schema registry.
///
/// @param properties Confluent's own names, e.g. `schema.registry.url`, `auto.register.schemas`,
///   `use.latest.version`, `basic.auth.user.info`, `schema.registry.ssl.truststore.location`;
///   passed through as given
public record RegistrySettings(Map<String, String> properties) {
  private static final String URL = "schema.registry.url";
  private static final String BEARER_SOURCE = "bearer.auth.credentials.source";
  private static final Set<String> OAUTH = Set.of("OAUTHBEARER", "SASL_OAUTHBEARER_INHERIT");

  /// Part of Confluent's client since 7.5. Up to 7.9 its fields are of classes that Kafka 4 moved.
  private static final String OAUTH_CLASS =
      "io.confluent.kafka.schemaregistry.client.security.bearerauth.oauth.CachedOauthTokenRetriever";

  /// @throws IllegalArgumentException if `schema.registry.url` is missing, or a sign-in is asked
  ///   for that this client cannot do
  public RegistrySettings {
    properties = Map.copyOf(properties);
    if (properties.getOrDefault(URL, "").isBlank()) {
      throw new IllegalArgumentException(URL + " is required");
    }
    refuseUnusableSignIn(properties);
  }

  public static RegistrySettings at(String url) {
    return new RegistrySettings(Map.of(URL, url));
  }

  public String url() {
    return properties.getOrDefault(URL, "");
  }

  /// The address as it may stand in a message: without a user and password in it.
  public String shownUrl() {
    return url().replaceAll("//[^/@,]*@", "//***@");
  }

  /// Names the address only: the properties hold passwords.
  @Override
  public String toString() {
    return "RegistrySettings[" + shownUrl() + "]";
  }

  private static void refuseUnusableSignIn(Map<String, String> properties) {
    for (var key : Set.of(BEARER_SOURCE, "schema.registry." + BEARER_SOURCE)) {
      var source = properties.getOrDefault(key, "").strip().toUpperCase(Locale.ROOT);
      if (OAUTH.contains(source) && !isOauthUsable()) {
        throw new IllegalArgumentException(
            key
                + "="
                + source
                + " needs Confluent's official client 8.x (build with -Pconfluent): the 7.9 client"
                + " does not work with Kafka 4 for it. STATIC_TOKEN and basic authentication do.");
      }
    }
  }

  /// Asking a class for its fields makes the JVM look for their types, without running any of it.
  private static boolean isOauthUsable() {
    try {
      var loader = RegistrySettings.class.getClassLoader();
      return Class.forName(OAUTH_CLASS, false, loader).getDeclaredFields().length > 0;
    } catch (NoClassDefFoundError e) {
      return false;
    } catch (ClassNotFoundException e) {
      return true; // another client, which says itself what it cannot do
    }
  }
}

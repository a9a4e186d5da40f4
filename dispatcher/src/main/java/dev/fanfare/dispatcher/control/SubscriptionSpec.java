package dev.fanfare.dispatcher.control;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/// A subscription as its owner describes it. Nothing is checked here: that is done against what the
/// dispatcher works with. `toString` shows no header values, which may be credentials.
///
/// @param eventTypes patterns: exact (`email.bounced`), by prefix (`email.*`) or `*`
/// @param signing `hmac`, `ed25519` or `both`
/// @param format `standard`, `cloudevents-binary` or `cloudevents-structured`
/// @param schemaVersion empty for the newest
/// @param retrySchedule empty for the configured default
/// @param timeout for a whole call; empty for the configured default
/// @param verify what the endpoint has to show first: `none`, `handshake` or `challenge`
public record SubscriptionSpec(
    String tenant,
    String url,
    List<String> eventTypes,
    Optional<Filter> filter,
    Optional<String> description,
    Map<String, String> headers,
    Optional<AuthenticationSpec> authentication,
    String signing,
    String format,
    Optional<String> schemaVersion,
    List<Duration> retrySchedule,
    Optional<Duration> timeout,
    OptionalDouble rateLimitPerSecond,
    OptionalInt maxConcurrency,
    String verify) {
  public static final String DEFAULT_SIGNING = "hmac";
  public static final String DEFAULT_FORMAT = "standard";
  public static final String DEFAULT_VERIFY = "none";

  /// Further conditions; all that are given must hold.
  ///
  /// @param fields path of a field to the values of which it must have one
  public record Filter(
      List<String> inboxes,
      List<String> recipientDomains,
      List<String> tags,
      List<String> streams,
      Map<String, List<String>> fields,
      Optional<String> expression) {}

  /// One that only says what it selects, and is never stored.
  static SubscriptionSpec selecting(
      String tenant, List<String> eventTypes, Optional<Filter> filter) {
    return new SubscriptionSpec(
        tenant,
        "https://nobody.invalid/",
        eventTypes,
        filter,
        Optional.empty(),
        Map.of(),
        Optional.empty(),
        DEFAULT_SIGNING,
        DEFAULT_FORMAT,
        Optional.empty(),
        List.of(),
        Optional.empty(),
        OptionalDouble.empty(),
        OptionalInt.empty(),
        DEFAULT_VERIFY);
  }

  @Override
  public String toString() {
    return "subscription of " + tenant + " to " + eventTypes;
  }
}

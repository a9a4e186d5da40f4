package dev.fanfare.dispatcher.subscription.reading;

import dev.fanfare.schemas.avro.Subscription;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;

/// What a subscription's verification means for its deliveries: until its endpoint has shown that
/// it wants them, nothing is sent.
public final class ProvenEndpoint {
  public static final String NONE = "none";
  public static final String HANDSHAKE = "handshake";
  public static final String CHALLENGE = "challenge";

  public static final String PENDING = "pending";
  public static final String VERIFIED = "verified";
  public static final String FAILED = "failed";

  /// The field that names the sender, at the handshake and on each delivery after it.
  public static final String ORIGIN_FIELD = "WebHook-Request-Origin";

  private static final double SECONDS_A_MINUTE = 60;

  private ProvenEndpoint() {}

  /// Whether it may be called: nothing is asked of it, or it has been shown.
  public static boolean isProven(Subscription stored) {
    var verification = stored.getVerification();
    return verification == null || verification.getState().equals(VERIFIED);
  }

  /// The header fields of its own, and who we are where it was asked whether it wants us.
  static Map<String, String> headers(Subscription stored, Map<String, String> own) {
    var verification = stored.getVerification();
    if (verification == null || verification.getOrigin() == null) {
      return own;
    }
    var all = new HashMap<>(own);
    all.put(ORIGIN_FIELD, verification.getOrigin());
    return Map.copyOf(all);
  }

  /// The rate that its owner set, but not more than the endpoint has allowed.
  static OptionalDouble rate(Subscription stored, OptionalDouble set) {
    var verification = stored.getVerification();
    if (verification == null || verification.getAllowedRatePerMinute() == null) {
      return set;
    }
    double allowed = verification.getAllowedRatePerMinute() / SECONDS_A_MINUTE;
    return OptionalDouble.of(set.isPresent() ? Math.min(set.getAsDouble(), allowed) : allowed);
  }
}

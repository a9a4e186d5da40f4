package dev.fanfare.dispatcher.egress.signature;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.fanfare.schemas.id.EventId;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;

/// The signature scheme of Standard Webhooks 1.0.0: what is signed is `id.timestamp.body`, byte for
/// byte as sent, with the time of sending in Unix seconds.
public final class StandardWebhooks {
  /// What the specification's own libraries tolerate, both ways.
  public static final Duration TOLERANCE = Duration.ofMinutes(5);

  private static final int MOST_SIGNATURES = 32;
  private static final int LONGEST_TIMESTAMP = 12;

  private StandardWebhooks() {}

  /// The value of `webhook-signature`: one signature for each live secret, separated by spaces.
  ///
  /// @param timestamp the time of this attempt; its second is what goes into `webhook-timestamp`
  /// @param body from position to limit; not moved
  /// @throws IllegalArgumentException if the id is not one: a dot in it would be ambiguous
  public static String sign(SigningKeys keys, String eventId, Instant timestamp, ByteBuffer body) {
    if (!EventId.isValid(eventId)) {
      throw new IllegalArgumentException("not an event id, so not to be signed");
    }
    var head = head(eventId, Long.toString(timestamp.getEpochSecond()));
    var secrets = keys.secrets();
    if (secrets.size() == 1) {
      return secrets.getFirst().sign(head, body);
    }
    var value = new StringBuilder();
    for (var secret : secrets) {
      value.append(value.isEmpty() ? "" : " ").append(secret.sign(head, body));
    }
    return value.toString();
  }

  /// What a receiver does with the three fields and the body: any signature by any key will do,
  /// unknown versions are skipped, comparison takes the same time wherever two differ.
  ///
  /// @param signatures the value of `webhook-signature`
  public static Verification verify(
      Collection<? extends Verifier> keys,
      String eventId,
      String timestamp,
      String signatures,
      ByteBuffer body,
      Instant now,
      Duration tolerance) {
    if (!EventId.isValid(eventId) || !isSeconds(timestamp)) {
      return Verification.MALFORMED;
    }
    Instant signedAt;
    try {
      signedAt = Instant.ofEpochSecond(Long.parseLong(timestamp));
    } catch (DateTimeException e) {
      return Verification.MALFORMED; // A number, but no time.
    }
    if (signedAt.isBefore(now.minus(tolerance))) {
      return Verification.TOO_OLD;
    }
    if (signedAt.isAfter(now.plus(tolerance))) {
      return Verification.TOO_NEW;
    }
    var given = signatures.split(" ", MOST_SIGNATURES + 1);
    if (signatures.isBlank() || given.length > MOST_SIGNATURES) {
      return Verification.MALFORMED;
    }
    var head = head(eventId, timestamp);
    for (var signature : given) {
      for (var key : keys) {
        if (key.verifies(signature, head, body)) {
          return Verification.VALID;
        }
      }
    }
    return Verification.NO_MATCH;
  }

  private static byte[] head(String eventId, String timestamp) {
    return (eventId + "." + timestamp + ".").getBytes(ISO_8859_1);
  }

  private static boolean isSeconds(String timestamp) {
    return !timestamp.isEmpty()
        && timestamp.length() <= LONGEST_TIMESTAMP
        && timestamp.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}

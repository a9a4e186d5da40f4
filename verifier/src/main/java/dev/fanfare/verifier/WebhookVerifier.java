package dev.fanfare.verifier;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Verifies messages signed as in Standard Webhooks 1.0.0: `v1` (HMAC-SHA256) with the shared
/// secret `whsec_…`, `v1a` (ed25519) with the public key `whpk_…`.
///
/// ```java
/// var verifier = WebhookVerifier.of("whsec_...");
/// switch (verifier.check(headers, body)) { // the bytes of the body, before anything parses them
///   case VALID -> accept(body);
///   default -> answer(401);
/// }
/// ```
///
/// Several keys may be given, and a message is good if any of its signatures is by any of them: so
/// a secret can be rotated without a message lost. A good message may still come twice: remember
/// its `webhook-id`, which every repetition keeps.
///
/// Immutable; safe for any number of threads. This file stands for itself and may be copied.
public final class WebhookVerifier {
  /// How far the sender's clock may be off, either way, and how long a message may be on its way.
  public static final Duration TOLERANCE = Duration.ofMinutes(5);

  private static final int LONGEST_ID = 256;
  private static final int LONGEST_TIMESTAMP = 12;
  private static final int LONGEST_KEY = 256;
  private static final int MOST_SIGNATURES = 32;

  /// What a check finds.
  public enum Result {
    /// The message is from one who has the key, and it is fresh.
    VALID,
    /// An id, timestamp or signature is missing, or is nothing that the scheme knows.
    MALFORMED,
    /// Signed longer ago than is tolerated: perhaps a repetition by one who overheard it.
    TOO_OLD,
    /// Signed further ahead than is tolerated: one of the clocks is wrong.
    TOO_NEW,
    /// None of the signatures is by any of the keys.
    NO_MATCH;

    public boolean isValid() {
      return this == VALID;
    }
  }

  private final List<Key> keys;
  private final Duration tolerance;
  private final InstantSource clock;

  private WebhookVerifier(List<Key> keys, Duration tolerance, InstantSource clock) {
    this.keys = keys;
    this.tolerance = tolerance;
    this.clock = clock;
  }

  /// @param keys `whsec_…` or `whpk_…`, at least one
  /// @throws IllegalArgumentException if there is none, or one is not a key; no message repeats it
  public static WebhookVerifier of(String... keys) {
    return of(List.of(keys));
  }

  /// @param keys `whsec_…` or `whpk_…`, at least one
  /// @throws IllegalArgumentException if there is none, or one is not a key; no message repeats it
  public static WebhookVerifier of(Collection<String> keys) {
    if (keys.isEmpty()) {
      throw new IllegalArgumentException(
          "at least one key is needed; without, all would be forged");
    }
    var read = new ArrayList<Key>();
    for (var key : keys) {
      read.add(Key.of(key));
    }
    return new WebhookVerifier(List.copyOf(read), TOLERANCE, InstantSource.system());
  }

  /// @throws IllegalArgumentException if it is negative
  public WebhookVerifier withTolerance(Duration other) {
    if (other.isNegative()) {
      throw new IllegalArgumentException("the tolerance must not be negative");
    }
    return new WebhookVerifier(keys, other, clock);
  }

  /// For tests.
  public WebhookVerifier withClock(InstantSource other) {
    return new WebhookVerifier(keys, tolerance, other);
  }

  /// @param headers of the request, names in any case, as servers give them
  /// @param body the bytes as they came
  public Result check(Map<String, ? extends Collection<String>> headers, byte[] body) {
    return check(
        first(headers, "webhook-id"),
        first(headers, "webhook-timestamp"),
        first(headers, "webhook-signature"),
        body);
  }

  /// @param id value of `webhook-id`; empty when there was none, and so with the others
  /// @param timestamp value of `webhook-timestamp`
  /// @param signatures value of `webhook-signature`
  /// @param body the bytes as they came
  public Result check(String id, String timestamp, String signatures, byte[] body) {
    if (!isId(id) || !isSeconds(timestamp)) {
      return Result.MALFORMED;
    }
    long signedAt = Long.parseLong(timestamp);
    long now = clock.instant().getEpochSecond();
    if (signedAt < now - tolerance.toSeconds()) {
      return Result.TOO_OLD;
    }
    if (signedAt > now + tolerance.toSeconds()) {
      return Result.TOO_NEW;
    }
    var given = signatures.split(" ", MOST_SIGNATURES + 1);
    if (signatures.isBlank() || given.length > MOST_SIGNATURES) {
      return Result.MALFORMED;
    }
    var head = (id + "." + timestamp + ".").getBytes(US_ASCII);
    // Every key is tried with every signature: what is found first is nobody's business.
    boolean valid = false;
    for (var key : keys) {
      for (var signature : given) {
        valid |= key.signed(signature, head, body);
      }
    }
    return valid ? Result.VALID : Result.NO_MATCH;
  }

  private static String first(Map<String, ? extends Collection<String>> headers, String name) {
    for (var header : headers.entrySet()) {
      // Some servers list the request line under a name that is null.
      if (name.equalsIgnoreCase(header.getKey()) && !header.getValue().isEmpty()) {
        return header.getValue().iterator().next();
      }
    }
    return "";
  }

  /// A dot would be ambiguous in what is signed, which is joined by dots.
  private static boolean isId(String id) {
    return !id.isEmpty()
        && id.length() <= LONGEST_ID
        && id.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '.');
  }

  private static boolean isSeconds(String timestamp) {
    return !timestamp.isEmpty()
        && timestamp.length() <= LONGEST_TIMESTAMP
        && timestamp.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  @Override
  public String toString() {
    return "WebhookVerifier[" + keys.size() + " keys]"; // never the keys themselves
  }

  /// One key. What is signed is `head` followed by `body`.
  private interface Key {
    boolean signed(String signature, byte[] head, byte[] body);

    static Key of(String text) {
      if (text.length() <= LONGEST_KEY && text.startsWith("whsec_")) {
        return new SharedSecret(decoded(text.substring("whsec_".length())));
      }
      if (text.length() <= LONGEST_KEY && text.startsWith("whpk_")) {
        return new Ed25519(decoded(text.substring("whpk_".length())));
      }
      throw new IllegalArgumentException(
          text.startsWith("whsk_")
              ? "whsk_ is the sender's private key; a receiver is given whpk_"
              : "a key is whsec_ or whpk_ and base64");
    }

    private static byte[] decoded(String base64) {
      try {
        return Base64.getDecoder().decode(base64);
      } catch (IllegalArgumentException e) {
        // The decoder's own message names a character of the secret.
        throw new IllegalArgumentException("what follows whsec_ or whpk_ is not base64");
      }
    }
  }

  /// `v1`: who has the secret can make the signature, so we make it and compare.
  private static final class SharedSecret implements Key {
    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec secret;

    SharedSecret(byte[] bytes) {
      if (bytes.length < 24 || bytes.length > 64) {
        throw new IllegalArgumentException("a secret has 24 to 64 bytes, not " + bytes.length);
      }
      secret = new SecretKeySpec(bytes, ALGORITHM);
    }

    @Override
    public boolean signed(String signature, byte[] head, byte[] body) {
      if (!signature.startsWith("v1,")) {
        return false;
      }
      try {
        var mac = Mac.getInstance(ALGORITHM);
        mac.init(secret);
        mac.update(head);
        mac.update(body);
        var expected = "v1," + Base64.getEncoder().encodeToString(mac.doFinal());
        return MessageDigest.isEqual(expected.getBytes(US_ASCII), signature.getBytes(US_ASCII));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
      }
    }
  }

  /// `v1a`: who has the public key can check, and not make, the signature.
  private static final class Ed25519 implements Key {
    private static final String ALGORITHM = "Ed25519";
    private static final int LENGTH = 32;

    private final PublicKey key;

    /// @param point as RFC 8032 §5.1.2 writes it: y little-endian, the lowest bit of x on top
    Ed25519(byte[] point) {
      if (point.length != LENGTH) {
        throw new IllegalArgumentException("a public key has 32 bytes, not " + point.length);
      }
      var y = new byte[LENGTH];
      for (int i = 0; i < LENGTH; i++) {
        y[i] = point[LENGTH - 1 - i];
      }
      boolean odd = y[0] < 0;
      y[0] &= 0x7f;
      try {
        var spec =
            new EdECPublicKeySpec(
                NamedParameterSpec.ED25519, new EdECPoint(odd, new BigInteger(1, y)));
        key = KeyFactory.getInstance(ALGORITHM).generatePublic(spec);
        Signature.getInstance(ALGORITHM).initVerify(key); // only here is the point looked at
      } catch (GeneralSecurityException e) {
        throw new IllegalArgumentException("what follows whpk_ is no point of the curve");
      }
    }

    @Override
    public boolean signed(String signature, byte[] head, byte[] body) {
      if (!signature.startsWith("v1a,")) {
        return false;
      }
      byte[] claimed;
      try {
        claimed = Base64.getDecoder().decode(signature.substring("v1a,".length()));
      } catch (IllegalArgumentException e) {
        return false; // not base64, so nobody's signature
      }
      try {
        var verification = Signature.getInstance(ALGORITHM);
        verification.initVerify(key);
        verification.update(head);
        verification.update(body);
        return verification.verify(claimed);
      } catch (SignatureException e) {
        return false; // of the wrong length, or no point of the curve
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("Java has had " + ALGORITHM + " since 15", e);
      }
    }
  }
}

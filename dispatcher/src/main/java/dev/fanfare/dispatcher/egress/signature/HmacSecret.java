package dev.fanfare.dispatcher.egress.signature;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// A symmetric secret of 24 to 64 bytes; signs with HMAC-SHA256 (Standard Webhooks, `v1`).
///
/// This is the hot path: the `Mac` is keyed once and cloned for each message, so no signature looks
/// up a provider or schedules a key, and threads share nothing that changes.
public final class HmacSecret implements Secret {
  static final String KIND = "hmac";
  static final String PREFIX = "whsec_";
  static final int SHORTEST = 24;
  static final int LONGEST = 64;
  private static final String VERSION = "v1,";
  private static final String ALGORITHM = "HmacSHA256";

  private final byte[] key;
  private final Mac keyed;

  HmacSecret(byte[] key) {
    if (key.length < SHORTEST || key.length > LONGEST) {
      throw new IllegalArgumentException(
          "an HMAC secret has %d to %d bytes, not %d".formatted(SHORTEST, LONGEST, key.length));
    }
    this.key = key.clone();
    try {
      keyed = Mac.getInstance(ALGORITHM);
      keyed.init(new SecretKeySpec(this.key, ALGORITHM));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }

  /// A new secret out of 24 to 64 random bytes.
  ///
  /// @throws IllegalArgumentException if there are fewer or more
  public static HmacSecret generate(byte[] random) {
    return new HmacSecret(random);
  }

  @Override
  public String sign(byte[] head, ByteBuffer body) {
    return VERSION + Base64.getEncoder().encodeToString(mac(head, body));
  }

  @Override
  public boolean verifies(String signature, byte[] head, ByteBuffer body) {
    return signature.startsWith(VERSION)
        && MessageDigest.isEqual(
            sign(head, body).getBytes(ISO_8859_1), signature.getBytes(ISO_8859_1));
  }

  private byte[] mac(byte[] head, ByteBuffer body) {
    try {
      var mac = (Mac) keyed.clone();
      mac.update(head);
      mac.update(body.duplicate());
      return mac.doFinal();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the platform's " + ALGORITHM + " can be cloned", e);
    }
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public ByteBuffer material() {
    return ByteBuffer.wrap(key.clone());
  }

  @Override
  public String reveal() {
    return KeyText.encode(PREFIX, key);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HmacSecret that && MessageDigest.isEqual(key, that.key);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(key);
  }

  @Override
  public String toString() {
    return "HmacSecret[redacted]";
  }
}

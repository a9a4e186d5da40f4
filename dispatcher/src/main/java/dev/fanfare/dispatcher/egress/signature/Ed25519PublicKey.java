package dev.fanfare.dispatcher.egress.signature;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.Base64;

/// The half of a key pair that a receiver is given (Standard Webhooks, `v1a`). No secret.
public final class Ed25519PublicKey implements Verifier {
  static final String PREFIX = "whpk_";
  static final int LENGTH = 32;
  static final String VERSION = "v1a,";
  static final String ALGORITHM = "Ed25519";

  private final byte[] encoded;
  private final PublicKey key;

  /// @param encoded 32 bytes as RFC 8032 §5.1.2 writes a point: y little-endian, the lowest bit of
  ///   x on top
  Ed25519PublicKey(byte[] encoded) {
    if (encoded.length != LENGTH) {
      throw new IllegalArgumentException(
          "an ed25519 public key has %d bytes, not %d".formatted(LENGTH, encoded.length));
    }
    this.encoded = encoded.clone();
    var y = new byte[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      y[i] = encoded[LENGTH - 1 - i];
    }
    boolean odd = y[0] < 0;
    y[0] &= 0x7f;
    try {
      key =
          KeyFactory.getInstance(ALGORITHM)
              .generatePublic(
                  new EdECPublicKeySpec(
                      NamedParameterSpec.ED25519, new EdECPoint(odd, new BigInteger(1, y))));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("not a point on the ed25519 curve");
    }
  }

  @Override
  public boolean verifies(String signature, byte[] head, ByteBuffer body) {
    if (!signature.startsWith(VERSION)) {
      return false;
    }
    byte[] claimed;
    try {
      claimed = Base64.getDecoder().decode(signature.substring(VERSION.length()));
    } catch (IllegalArgumentException e) {
      return false; // Not base64, so nobody's signature.
    }
    try {
      var verification = Signature.getInstance(ALGORITHM);
      verification.initVerify(key);
      verification.update(head);
      verification.update(body.duplicate());
      return verification.verify(claimed);
    } catch (SignatureException e) {
      return false; // Of the wrong length, or no point on the curve.
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }

  /// `whpk_<base64>`: what the receiver is told.
  public String text() {
    return KeyText.encode(PREFIX, encoded);
  }

  byte[] encoded() {
    return encoded.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Ed25519PublicKey that && Arrays.equals(encoded, that.encoded);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(encoded);
  }

  @Override
  public String toString() {
    return text();
  }
}

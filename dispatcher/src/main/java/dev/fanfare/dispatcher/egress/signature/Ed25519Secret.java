package dev.fanfare.dispatcher.egress.signature;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.Base64;

/// A key pair; signs with ed25519 (Standard Webhooks, `v1a`), so that a receiver can check what it
/// could not have made. Written as private key and public key, 32 bytes each.
public final class Ed25519Secret implements Secret {
  static final String KIND = "ed25519";
  static final String PREFIX = "whsk_";

  /// How many random bytes make a private key.
  public static final int SEED = 32;

  private final byte[] pair;
  private final PrivateKey key;
  private final Ed25519PublicKey publicKey;

  Ed25519Secret(byte[] pair) {
    if (pair.length != SEED + Ed25519PublicKey.LENGTH) {
      throw new IllegalArgumentException(
          "an ed25519 secret has %d bytes, private key then public key, not %d"
              .formatted(SEED + Ed25519PublicKey.LENGTH, pair.length));
    }
    this.pair = pair.clone();
    publicKey = new Ed25519PublicKey(Arrays.copyOfRange(pair, SEED, pair.length));
    try {
      key =
          KeyFactory.getInstance(Ed25519PublicKey.ALGORITHM)
              .generatePrivate(
                  new EdECPrivateKeySpec(
                      NamedParameterSpec.ED25519, Arrays.copyOf(this.pair, SEED)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("any 32 bytes are an ed25519 private key", e);
    }
  }

  /// A pair that a person gave: besides its length, that the halves belong together is checked.
  static Ed25519Secret ofPair(byte[] pair) {
    var secret = new Ed25519Secret(pair);
    var probe = new byte[] {1};
    var nothing = ByteBuffer.allocate(0);
    if (!secret.verifies(secret.sign(probe, nothing), probe, nothing)) {
      throw new IllegalArgumentException(
          "the public half of an ed25519 secret must belong to its private half");
    }
    return secret;
  }

  /// A new pair out of 32 random bytes, the private key.
  ///
  /// @throws IllegalArgumentException if there are fewer or more
  public static Ed25519Secret generate(byte[] random) {
    if (random.length != SEED) {
      throw new IllegalArgumentException(
          "an ed25519 secret is made of %d random bytes, not %d".formatted(SEED, random.length));
    }
    try {
      var generator = KeyPairGenerator.getInstance(Ed25519PublicKey.ALGORITHM);
      generator.initialize(NamedParameterSpec.ED25519, new Given(random));
      var made = (EdECPublicKey) generator.generateKeyPair().getPublic();
      var pair = Arrays.copyOf(random, SEED + Ed25519PublicKey.LENGTH);
      var y = made.getPoint().getY().toByteArray();
      for (int i = 0; i < y.length && i < Ed25519PublicKey.LENGTH; i++) {
        pair[SEED + i] = y[y.length - 1 - i];
      }
      if (made.getPoint().isXOdd()) {
        pair[pair.length - 1] |= (byte) 0x80;
      }
      return ofPair(pair);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has ed25519", e);
    }
  }

  public Ed25519PublicKey publicKey() {
    return publicKey;
  }

  @Override
  public String sign(byte[] head, ByteBuffer body) {
    try {
      var signature = Signature.getInstance(Ed25519PublicKey.ALGORITHM);
      signature.initSign(key);
      signature.update(head);
      signature.update(body.duplicate());
      return Ed25519PublicKey.VERSION + Base64.getEncoder().encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a checked ed25519 key signs anything", e);
    }
  }

  @Override
  public boolean verifies(String signature, byte[] head, ByteBuffer body) {
    return publicKey.verifies(signature, head, body);
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public ByteBuffer material() {
    return ByteBuffer.wrap(pair.clone());
  }

  @Override
  public String reveal() {
    return KeyText.encode(PREFIX, pair);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Ed25519Secret that && MessageDigest.isEqual(pair, that.pair);
  }

  @Override
  public int hashCode() {
    return publicKey.hashCode();
  }

  @Override
  public String toString() {
    return "Ed25519Secret[" + publicKey + "]";
  }

  /// The random bytes that we were handed, in the only form that the platform takes them. Throws no
  /// dice of its own.
  private static final class Given extends SecureRandom {
    private final transient byte[] bytes;

    Given(byte[] bytes) {
      super(null, null);
      this.bytes = bytes;
    }

    @Override
    public void nextBytes(byte[] target) {
      if (target.length != bytes.length) {
        throw new IllegalStateException("ed25519 asks for 32 bytes once");
      }
      System.arraycopy(bytes, 0, target, 0, target.length);
    }
  }
}

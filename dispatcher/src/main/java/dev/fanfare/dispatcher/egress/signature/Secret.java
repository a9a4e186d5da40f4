package dev.fanfare.dispatcher.egress.signature;

import java.nio.ByteBuffer;

/// A key that signs, parsed once and used by any number of threads. Its text never leaves by
/// `toString`, only by [#reveal].
public sealed interface Secret extends Verifier permits HmacSecret, Ed25519Secret {
  /// The signature of one message, e.g. `v1,<base64>`, over `head` followed by `body` from its
  /// position to its limit. Moves neither.
  String sign(byte[] head, ByteBuffer body);

  /// What the subscription's record calls it: `hmac` or `ed25519`.
  String kind();

  /// A copy of the key's bytes, as [#of] takes them: to be stored, never shown.
  ByteBuffer material();

  /// The text that a person is given: `whsec_…` or `whsk_…`.
  String reveal();

  /// A secret out of a subscription's record.
  ///
  /// @throws IllegalArgumentException if the kind is unknown or the material has the wrong length
  static Secret of(String kind, ByteBuffer material) {
    return switch (kind) {
      case HmacSecret.KIND -> new HmacSecret(KeyText.bytes(material));
      case Ed25519Secret.KIND -> new Ed25519Secret(KeyText.bytes(material));
      default -> throw new IllegalArgumentException("a secret is of kind hmac or ed25519");
    };
  }

  /// A secret as a person gives it: `whsec_<base64 of 24 to 64 bytes>` or `whsk_<base64 of private
  /// and public key, 64 bytes>`.
  ///
  /// @throws IllegalArgumentException if it is neither; the message does not repeat it
  static Secret parse(String text) {
    if (text.startsWith(HmacSecret.PREFIX)) {
      return new HmacSecret(KeyText.decode(HmacSecret.PREFIX, text));
    }
    if (text.startsWith(Ed25519Secret.PREFIX)) {
      return Ed25519Secret.ofPair(KeyText.decode(Ed25519Secret.PREFIX, text));
    }
    throw new IllegalArgumentException("a secret starts with whsec_ or whsk_");
  }
}

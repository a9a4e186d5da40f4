package dev.fanfare.dispatcher.egress.signature;

import java.nio.ByteBuffer;

/// What a receiver checks a signature with: the shared secret or the public key.
public sealed interface Verifier permits Secret, Ed25519PublicKey {
  /// Whether one signature of a `webhook-signature` field, e.g. `v1,<base64>`, is this key's over
  /// `head` followed by `body`. A signature of another version is no match, not an error.
  boolean verifies(String signature, byte[] head, ByteBuffer body);

  /// Reads `whsec_…`, `whsk_…` or `whpk_…`.
  ///
  /// @throws IllegalArgumentException if it is none of them; the message does not repeat it
  static Verifier parse(String text) {
    return text.startsWith(Ed25519PublicKey.PREFIX)
        ? new Ed25519PublicKey(KeyText.decode(Ed25519PublicKey.PREFIX, text))
        : Secret.parse(text);
  }
}

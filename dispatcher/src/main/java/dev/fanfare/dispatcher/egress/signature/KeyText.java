package dev.fanfare.dispatcher.egress.signature;

import java.nio.ByteBuffer;
import java.util.Base64;

/// How keys are written: a prefix and base64. Messages never repeat what was read.
final class KeyText {
  private static final int LONGEST = 256;

  private KeyText() {}

  static byte[] decode(String prefix, String text) {
    if (text.length() > LONGEST) {
      throw new IllegalArgumentException("a key after " + prefix + " is shorter than this");
    }
    try {
      return Base64.getDecoder().decode(text.substring(prefix.length()));
    } catch (IllegalArgumentException e) {
      // The decoder's own message names a character of the secret.
      throw new IllegalArgumentException("what follows " + prefix + " is not base64");
    }
  }

  static String encode(String prefix, byte[] key) {
    return prefix + Base64.getEncoder().encodeToString(key);
  }

  static byte[] bytes(ByteBuffer buffer) {
    var bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }
}

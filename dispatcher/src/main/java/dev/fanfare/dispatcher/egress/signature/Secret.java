package dev.fanfare.dispatcher.egress.signature;

import java.nio.ByteBuffer;

/// A key that signs, parsed once. Its text form never leaves this package by `toString`.
public sealed interface Secret permits HmacSecret {
  /// The signature of one message, e.g. `v1,<base64>`.
  String sign(byte[] head, ByteBuffer body);
}

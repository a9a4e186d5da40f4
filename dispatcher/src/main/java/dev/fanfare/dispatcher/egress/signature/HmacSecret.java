package dev.fanfare.dispatcher.egress.signature;

import java.nio.ByteBuffer;

/// A symmetric secret.
public final class HmacSecret implements Secret {
  @Override
  public String sign(byte[] head, ByteBuffer body) {
    throw new IllegalStateException("to be written");
  }
}

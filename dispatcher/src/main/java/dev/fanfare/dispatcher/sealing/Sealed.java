package dev.fanfare.dispatcher.sealing;

import java.nio.ByteBuffer;

/// A secret that nobody can read without the key.
///
/// @param keyId of the key
public record Sealed(String keyId, ByteBuffer bytes) {
  @Override
  public String toString() {
    return "sealed with key " + keyId;
  }
}

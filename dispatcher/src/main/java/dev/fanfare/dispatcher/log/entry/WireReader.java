package dev.fanfare.dispatcher.log.entry;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Optional;

/// Reads what [WireWriter] wrote, in the same order. Whatever is not that is refused, so bytes from
/// another process can be read without harm.
public final class WireReader {
  private static final int BITS = 7;
  private static final int MORE = 0x80;

  private final byte[] bytes;
  private int at;

  public WireReader(byte[] bytes) {
    this.bytes = bytes;
  }

  /// @throws IllegalArgumentException if the bytes end here
  public int one() {
    if (at >= bytes.length) {
      throw new IllegalArgumentException("the bytes end too early");
    }
    return bytes[at++] & 0xff;
  }

  public boolean flag() {
    return one() != 0;
  }

  public long number() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += BITS) {
      int next = one();
      value |= (long) (next & (MORE - 1)) << shift;
      if (next < MORE) {
        return (value >>> 1) ^ -(value & 1);
      }
    }
    throw new IllegalArgumentException("not a number");
  }

  /// A count or a size; never negative.
  public int count() {
    long value = number();
    if (value < 0 || value > bytes.length) {
      throw new IllegalArgumentException("more than there can be: " + value);
    }
    return (int) value;
  }

  public String text() {
    return new String(block(), UTF_8);
  }

  public Optional<String> maybe() {
    return flag() ? Optional.of(text()) : Optional.empty();
  }

  public byte[] block() {
    int length = count();
    if (length > bytes.length - at) {
      throw new IllegalArgumentException("the bytes end too early");
    }
    at += length;
    return Arrays.copyOfRange(bytes, at - length, at);
  }

  public boolean atEnd() {
    return at == bytes.length;
  }
}

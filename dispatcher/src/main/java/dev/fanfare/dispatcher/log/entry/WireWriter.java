package dev.fanfare.dispatcher.log.entry;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Values into bytes, one after the other: numbers in as few bytes as they need, texts with their
/// length before them.
public final class WireWriter {
  private static final int FIRST_SIZE = 256;
  private static final int BITS = 7;
  private static final int MORE = 0x80;

  private byte[] bytes = new byte[FIRST_SIZE];
  private int size;

  public WireWriter one(int value) {
    room(1);
    bytes[size++] = (byte) value;
    return this;
  }

  public WireWriter flag(boolean value) {
    return one(value ? 1 : 0);
  }

  /// Small numbers in few bytes, negative ones too.
  public WireWriter number(long value) {
    long left = (value << 1) ^ (value >> (Long.SIZE - 1));
    while ((left & -MORE) != 0) {
      one((int) (left & (MORE - 1)) | MORE);
      left >>>= BITS;
    }
    return one((int) left);
  }

  public WireWriter text(String value) {
    return block(value.getBytes(UTF_8));
  }

  /// A text that may be missing, which is something else than an empty one.
  public WireWriter maybe(@Nullable String value) {
    flag(value != null);
    return value == null ? this : text(value);
  }

  /// Bytes with their length before them.
  public WireWriter block(byte[] value) {
    number(value.length);
    room(value.length);
    System.arraycopy(value, 0, bytes, size, value.length);
    size += value.length;
    return this;
  }

  public byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }

  private void room(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }
}

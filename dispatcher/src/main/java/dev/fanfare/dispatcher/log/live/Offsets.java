package dev.fanfare.dispatcher.log.live;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/// How far a reader has come in each partition of the changelog: the `id` of an event, with which
/// it can go on elsewhere. Opaque to clients.
public final class Offsets {
  private static final int LARGEST = 16_384;

  private final long[] next;

  private Offsets(long[] next) {
    this.next = next;
  }

  static Offsets of(long[] next) {
    return new Offsets(next.clone());
  }

  int partitions() {
    return next.length;
  }

  long next(int partition) {
    return next[partition];
  }

  /// As an event's id: each number in as few bytes as it needs.
  public String text() {
    var bytes = ByteBuffer.allocate(next.length * 10);
    for (long each : next) {
      long left = each;
      while (left >= 0x80) {
        bytes.put((byte) ((left & 0x7f) | 0x80));
        left >>>= 7;
      }
      bytes.put((byte) left);
    }
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(Arrays.copyOf(bytes.array(), bytes.position()));
  }

  /// Empty when the text is no id of ours.
  public static Optional<Offsets> of(String text) {
    if (text.length() > LARGEST) {
      return Optional.empty();
    }
    try {
      var bytes = Base64.getUrlDecoder().decode(text);
      var found = new long[bytes.length];
      int count = 0;
      int shift = 0;
      for (byte each : bytes) {
        if (shift > 56) {
          return Optional.empty();
        }
        found[count] |= (long) (each & 0x7f) << shift;
        shift += 7;
        if (each >= 0) {
          count++;
          shift = 0;
        }
      }
      return shift == 0 && count > 0
          ? Optional.of(new Offsets(Arrays.copyOf(found, count)))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // no base64
    }
  }
}

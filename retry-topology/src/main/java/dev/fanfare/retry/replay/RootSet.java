package dev.fanfare.retry.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// Delivery ids, 128 bits of a digest each: 32 to 64 bytes an id, whatever its length. Two ids with
/// the same bits are as unlikely as two deliveries with the same id.
final class RootSet {
  private long[] high = new long[32];
  private long[] low = new long[32];
  private int size;

  /// False when it was there already.
  boolean add(String id) {
    if (size * 2 >= high.length) {
      grow();
    }
    var bits = digest(id);
    return put(bits.getLong(), bits.getLong());
  }

  boolean contains(String id) {
    var bits = digest(id);
    long first = bits.getLong();
    long second = bits.getLong();
    int slot = slot(first, second);
    return high[slot] == first && low[slot] == second;
  }

  int size() {
    return size;
  }

  private boolean put(long first, long second) {
    int slot = slot(first, second);
    if (high[slot] == first && low[slot] == second) {
      return false;
    }
    high[slot] = first;
    low[slot] = second;
    size++;
    return true;
  }

  /// Where it is, or the free place where it belongs.
  private int slot(long first, long second) {
    int mask = high.length - 1;
    int slot = (int) first & mask;
    while ((high[slot] != 0 || low[slot] != 0) && (high[slot] != first || low[slot] != second)) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private void grow() {
    var oldHigh = high;
    var oldLow = low;
    high = new long[oldHigh.length * 2];
    low = new long[oldHigh.length * 2];
    size = 0;
    for (int i = 0; i < oldHigh.length; i++) {
      if (oldHigh[i] != 0 || oldLow[i] != 0) {
        put(oldHigh[i], oldLow[i]);
      }
    }
  }

  private static ByteBuffer digest(String id) {
    try {
      return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(id.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}

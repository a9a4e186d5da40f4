package dev.fanfare.dispatcher.delivery.offset;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/// Offsets above a low-water mark, as text that fits an offset's metadata: a version, a dot, and
/// the base64 of the deflated bits, bit 0 being the low-water mark itself. The broker takes at most
/// `offset.metadata.max.bytes` (4096 by default).
public final class OffsetBitmap {
  /// Longest text made.
  public static final int LONGEST = 4096;

  private static final String VERSION = "1.";

  /// What the text may inflate to at most: 64 Mi offsets.
  private static final int MOST_BYTES = 8 << 20;

  private OffsetBitmap() {}

  /// The text; empty for no bits, and for bits that do not fit: then a restart looks at them again.
  public static String encode(BitSet bits) {
    if (bits.isEmpty()) {
      return "";
    }
    var deflater = new Deflater(Deflater.BEST_SPEED);
    try {
      deflater.setInput(bits.toByteArray());
      deflater.finish();
      var room = new byte[(LONGEST - VERSION.length()) / 4 * 3];
      int length = deflater.deflate(room);
      if (!deflater.finished()) {
        return "";
      }
      var fitting = Arrays.copyOf(room, length);
      return VERSION + Base64.getEncoder().withoutPadding().encodeToString(fitting);
    } finally {
      deflater.end();
    }
  }

  /// @throws IllegalArgumentException if the text is not one that [#encode] makes
  public static BitSet decode(String text) {
    if (text.isEmpty()) {
      return new BitSet();
    }
    if (!text.startsWith(VERSION)) {
      throw new IllegalArgumentException("not an offset bitmap of version 1");
    }
    var inflater = new Inflater();
    try {
      inflater.setInput(Base64.getDecoder().decode(text.substring(VERSION.length())));
      return inflated(inflater);
    } catch (DataFormatException e) {
      throw new IllegalArgumentException("not an offset bitmap: " + e.getMessage(), e);
    } finally {
      inflater.end();
    }
  }

  private static BitSet inflated(Inflater inflater) throws DataFormatException {
    var out = new ByteArrayOutputStream();
    var chunk = new byte[4096];
    while (!inflater.finished()) {
      int length = inflater.inflate(chunk);
      if (length == 0 && !inflater.finished()) {
        throw new DataFormatException("cut short");
      }
      out.write(chunk, 0, length);
      if (out.size() > MOST_BYTES) {
        throw new DataFormatException("too long");
      }
    }
    return BitSet.valueOf(out.toByteArray());
  }
}

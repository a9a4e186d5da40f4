package dev.fanfare.schemas.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.time.Instant;
import java.time.ZoneOffset;

/// How a time is written: `2026-01-02T03:04:05.678Z`, RFC 3339 in UTC, always to the millisecond.
///
/// RFC 3339 has years of four digits only; a time outside 0000 to 9999 is written as the nearest
/// that can be.
public final class Timestamps {
  public static final Instant EARLIEST = Instant.parse("0000-01-01T00:00:00Z");
  public static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999Z");

  private static final int LENGTH = 24;

  private Timestamps() {}

  public static boolean isWritable(Instant time) {
    return !time.isBefore(EARLIEST) && !time.isAfter(LATEST);
  }

  public static String text(Instant time) {
    return new String(ascii(time), ISO_8859_1);
  }

  /// The same 24 characters as bytes. Written digit by digit: it stands on the path of every event,
  /// where a formatter would cost more than the rest of the payload's fields.
  static byte[] ascii(Instant time) {
    var bounded = time.isBefore(EARLIEST) ? EARLIEST : time.isAfter(LATEST) ? LATEST : time;
    var utc = bounded.atOffset(ZoneOffset.UTC);
    var text = new byte[LENGTH];
    digits(text, 0, 4, utc.getYear());
    text[4] = '-';
    digits(text, 5, 2, utc.getMonthValue());
    text[7] = '-';
    digits(text, 8, 2, utc.getDayOfMonth());
    text[10] = 'T';
    digits(text, 11, 2, utc.getHour());
    text[13] = ':';
    digits(text, 14, 2, utc.getMinute());
    text[16] = ':';
    digits(text, 17, 2, utc.getSecond());
    text[19] = '.';
    digits(text, 20, 3, utc.getNano() / 1_000_000);
    text[23] = 'Z';
    return text;
  }

  private static void digits(byte[] text, int from, int count, int number) {
    int rest = number;
    for (int i = from + count - 1; i >= from; i--) {
      text[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }
}

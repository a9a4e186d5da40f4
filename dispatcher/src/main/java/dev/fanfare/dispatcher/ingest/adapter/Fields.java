package dev.fanfare.dispatcher.ingest.adapter;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.schemas.json.Timestamps;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/// Reads what providers write: numbers as texts, one value where others have a list, times of three
/// kinds. What can't be read is absent, which is an empty text.
final class Fields {
  private static final int LONGEST_TIME = 40;

  private Fields() {}

  /// The text of a value; empty for none, and for what is no single value.
  static String text(JsonNode value) {
    return value.isValueNode() && !value.isNull() ? value.asText() : "";
  }

  static String text(JsonNode object, String field) {
    return text(object.path(field));
  }

  /// The first of these that is there.
  static String first(String... candidates) {
    for (var candidate : candidates) {
      if (!candidate.isBlank()) {
        return candidate;
      }
    }
    return "";
  }

  /// A list, or a single value in place of one.
  static List<String> texts(JsonNode oneOrMany) {
    var texts = new ArrayList<String>();
    if (oneOrMany.isArray()) {
      oneOrMany.forEach(it -> add(texts, text(it)));
    } else {
      add(texts, text(oneOrMany));
    }
    return texts;
  }

  private static void add(List<String> texts, String text) {
    if (!text.isBlank()) {
      texts.add(text);
    }
  }

  /// `Ada <ada@example.com>` is ada@example.com.
  static String address(String text) {
    int open = text.lastIndexOf('<');
    int close = text.indexOf('>', open + 1);
    return (open >= 0 && close > open ? text.substring(open + 1, close) : text).strip();
  }

  /// A Message-ID without its brackets.
  static String messageId(String text) {
    return address(text);
  }

  /// Seconds since the epoch: whole, with a fraction, or either of them as a text.
  static String seconds(JsonNode value) {
    var text = text(value);
    boolean writtenOut = text.matches("\\d{1,12}(\\.\\d{1,9})?");
    boolean fraction =
        value.isFloatingPointNumber() && value.doubleValue() >= 0 && value.doubleValue() < 1e12;
    return writtenOut || fraction
        ? written(
            Instant.ofEpochMilli(
                new BigDecimal(text)
                    .movePointRight(3)
                    .setScale(0, RoundingMode.HALF_UP)
                    .longValueExact()))
        : "";
  }

  /// RFC 3339, also with a space for the T and an offset of hours alone.
  static String time(JsonNode value) {
    var text = text(value).strip();
    if (text.isEmpty() || text.length() > LONGEST_TIME) {
      return "";
    }
    var regular = text.replaceFirst(" ", "T").replaceFirst("([+-]\\d\\d)$", "$1:00");
    try {
      return written(OffsetDateTime.parse(regular).toInstant());
    } catch (DateTimeException e) {
      return "";
    }
  }

  private static String written(Instant time) {
    return Timestamps.isWritable(time) ? Timestamps.text(time) : "";
  }
}

package dev.fanfare.retry.ladder;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Durations as they are written in topic names, configuration and JSON: a whole number and one
/// unit, `250ms`, `5s`, `2m`, `1h`, `7d`. What [#format] writes, [#parse] reads; days are read but
/// written as hours, so that each duration has one text.
public final class DurationText {
  private static final Pattern SYNTAX = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
  private static final int SHOWN = 40;

  private DurationText() {}

  /// @throws IllegalArgumentException if the text is not a whole number (at most nine digits) with
  ///   one of the units `ms`, `s`, `m`, `h`, `d`; the message shows the text and the syntax
  public static Duration parse(String text) {
    Matcher matcher = SYNTAX.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "a duration is a whole number with ms, s, m, h or d, such as 5s: " + shown(text));
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  /// The shortest exact text: the largest of `h`, `m`, `s`, `ms` that divides the duration.
  ///
  /// @throws IllegalArgumentException if it is negative or not a whole number of milliseconds
  public static String format(Duration duration) {
    if (duration.isNegative() || !duration.equals(Duration.ofMillis(duration.toMillis()))) {
      throw new IllegalArgumentException("not a whole number of milliseconds: " + duration);
    }
    long millis = duration.toMillis();
    if (millis % 1_000 != 0) {
      return millis + "ms";
    }
    long seconds = millis / 1_000;
    if (seconds % 60 != 0 || seconds == 0) {
      return seconds + "s";
    }
    return seconds % 3_600 == 0 ? seconds / 3_600 + "h" : seconds / 60 + "m";
  }

  private static String shown(String text) {
    var head = text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    return "'" + head.replaceAll("\\p{Cntrl}", "?") + "'";
  }
}

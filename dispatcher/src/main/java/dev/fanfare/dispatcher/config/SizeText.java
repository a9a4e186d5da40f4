package dev.fanfare.dispatcher.config;

import java.util.regex.Pattern;

/// Sizes as they are written in the configuration: a whole number of `B`, `KiB`, `MiB` or `GiB`.
final class SizeText {
  private static final Pattern SYNTAX = Pattern.compile("(\\d{1,9}) ?(B|KiB|MiB|GiB)");

  private SizeText() {}

  /// In bytes.
  ///
  /// @throws IllegalArgumentException if the text is no size
  static long parse(String text) {
    var matcher = SYNTAX.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("must be a size such as 256KiB or 5MiB");
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "B" -> amount;
      case "KiB" -> amount << 10;
      case "MiB" -> amount << 20;
      default -> amount << 30;
    };
  }

  /// The largest unit that divides it.
  static String format(long bytes) {
    var units = new String[] {"B", "KiB", "MiB", "GiB"};
    int unit = 0;
    while (unit < units.length - 1 && bytes != 0 && bytes % 1024 == 0) {
      bytes /= 1024;
      unit++;
    }
    return bytes + units[unit];
  }
}

package dev.fanfare.schemas.json;

/// Text as it may leave: a `char` that is half of a pair without its other half (an unpaired
/// surrogate) has no UTF-8 form, and JSON with it in is refused by many parsers. Each is replaced
/// by U+FFFD, the replacement character, as a UTF-8 decoder would.
public final class WellFormed {
  private static final char REPLACEMENT = '\uFFFD';

  private WellFormed() {}

  /// The text itself where nothing is wrong with it, which is nearly always.
  public static String text(String text) {
    int length = text.length();
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        if (!isPairAt(text, i)) {
          return replaced(text);
        }
        i++;
      }
    }
    return text;
  }

  private static String replaced(String text) {
    var good = new StringBuilder(text.length());
    int i = 0;
    while (i < text.length()) {
      if (isPairAt(text, i)) {
        good.append(text, i, i + 2);
        i += 2;
      } else {
        char c = text.charAt(i);
        good.append(Character.isSurrogate(c) ? REPLACEMENT : c);
        i++;
      }
    }
    return good.toString();
  }

  private static boolean isPairAt(String text, int i) {
    return Character.isHighSurrogate(text.charAt(i))
        && i + 1 < text.length()
        && Character.isLowSurrogate(text.charAt(i + 1));
  }
}

package dev.fanfare.sandbox.observed;

import java.util.regex.Pattern;

/// The comparison at the end of an alert's expression.
final class Comparison {
  private static final Pattern AT_END = Pattern.compile("(?s)(.+?)\\s*[<>]=?\\s*-?[0-9.]+");
  private static final Pattern ABSENT =
      Pattern.compile("label_replace\\(absent\\(([a-z0-9_]+)\\), .+\\)");

  private Comparison() {}

  /// What is compared with a number, or looked for by `absent`.
  ///
  /// @throws IllegalArgumentException if there is neither: then a test would look at an alert that
  ///   has no data while all is well
  static String leftOf(String expression) {
    var absent = ABSENT.matcher(expression);
    if (absent.matches()) {
      return absent.group(1);
    }
    var compared = AT_END.matcher(expression);
    if (compared.matches()) {
      return compared.group(1);
    }
    throw new IllegalArgumentException("compares nothing at its end: " + expression);
  }
}

package dev.fanfare.schemas.id;

/// The alphabet that all ids share: characters that are safe in a header, a path and a metric
/// label.
final class Ids {
  private static final int SHOWN = 80;

  private Ids() {}

  static boolean isToken(String value, int longest) {
    if (value.isEmpty() || value.length() > longest) {
      return false;
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean allowed =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '_'
              || c == '-';
      if (!allowed) {
        return false;
      }
    }
    return true;
  }

  /// The value as it may stand in a message: bounded, control characters replaced.
  static String shown(String value) {
    var head = value.length() <= SHOWN ? value : value.substring(0, SHOWN) + "…";
    return "'" + head.replaceAll("\\p{Cntrl}", "?") + "'";
  }
}

package dev.fanfare.dispatcher.config;

/// How near two words are, to guess what was meant.
final class Spelling {
  private Spelling() {}

  /// Letters to be changed, added or dropped to make one word of the other (Levenshtein).
  static int distance(String one, String other) {
    var row = new int[other.length() + 1];
    for (int i = 0; i <= one.length(); i++) {
      int diagonal = i - 1;
      for (int j = 0; j <= other.length(); j++) {
        int above = row[j];
        if (i == 0 || j == 0) {
          row[j] = Math.max(i, j);
        } else {
          boolean same =
              Character.toLowerCase(one.charAt(i - 1))
                  == Character.toLowerCase(other.charAt(j - 1));
          row[j] = Math.min(Math.min(row[j], row[j - 1]) + 1, diagonal + (same ? 0 : 1));
        }
        diagonal = above;
      }
    }
    return row[other.length()];
  }
}

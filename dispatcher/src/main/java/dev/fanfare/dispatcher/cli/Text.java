package dev.fanfare.dispatcher.cli;

import java.util.List;

/// Text for a terminal.
final class Text {
  private Text() {}

  /// What came from elsewhere, without characters that would steer the terminal; lines stay.
  static String printable(String text) {
    return text.replaceAll(
        "[\\p{Cntrl}&&[^\\n\\t]]|[\\u0080-\\u009f\\u202a-\\u202e\\u2066-\\u2069]", "?");
  }

  /// Rows under each other, columns as wide as their widest cell.
  static String table(List<List<String>> rows) {
    int columns = rows.stream().mapToInt(List::size).max().orElse(0);
    var widths = new int[columns];
    for (var row : rows) {
      for (int i = 0; i < row.size(); i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    var text = new StringBuilder();
    for (var row : rows) {
      var line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        line.append(row.get(i)).repeat(' ', widths[i] - row.get(i).length() + 2);
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return printable(text.toString());
  }
}

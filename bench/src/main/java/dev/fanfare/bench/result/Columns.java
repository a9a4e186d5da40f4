package dev.fanfare.bench.result;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Rows as a table in plain text: the first column to the left, figures to the right.
final class Columns {
  private Columns() {}

  static String aligned(List<? extends List<String>> rows) {
    var widths =
        IntStream.range(0, rows.getFirst().size())
            .map(column -> rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0))
            .toArray();
    return rows.stream()
        .map(row ->
            IntStream.range(0, widths.length)
                .mapToObj(column -> padded(row.get(column), widths[column], column == 0))
                .collect(Collectors.joining("  "))
                .stripTrailing())
        .collect(Collectors.joining("\n"));
  }

  private static String padded(String text, int width, boolean left) {
    var space = " ".repeat(width - text.length());
    return left ? text + space : space + text;
  }
}

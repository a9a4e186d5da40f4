package dev.fanfare.bench.result;

import java.util.Locale;

/// What a drawing has before anything is drawn: title, scale and grid.
final class Frame {
  private static final int TICKS = 5;

  private final double most;
  private final StringBuilder svg = new StringBuilder();

  Frame(String title, String unit, double largest) {
    this.most = roundUp(largest);
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\""
            + " font-family=\"system-ui, sans-serif\" font-size=\"12\" fill=\"#333\">",
        Plot.WIDTH, Plot.HEIGHT);
    add("<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>", Plot.WIDTH, Plot.HEIGHT);
    add(
        "<text x=\"%d\" y=\"20\" font-size=\"15\" font-weight=\"600\">%s</text>",
        Plot.LEFT, escaped(title));
    text(Plot.LEFT - 8, Plot.TOP - 10, "end", unit);
    for (int tick = 0; tick <= TICKS; tick++) {
      double value = most * tick / TICKS;
      add(
          "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>",
          Plot.LEFT, Plot.WIDTH - Plot.RIGHT, y(value), y(value));
      text(Plot.LEFT - 8, y(value) + 4, "end", number(value));
    }
  }

  private static double roundUp(double value) {
    if (value <= 0) {
      return 1;
    }
    double unit = Math.pow(10, Math.floor(Math.log10(value)));
    return Math.ceil(value * 1.02 / unit * 5) / 5 * unit;
  }

  double y(double value) {
    return Plot.HEIGHT - Plot.BOTTOM - value / most * (Plot.HEIGHT - Plot.TOP - Plot.BOTTOM);
  }

  @SuppressWarnings(
      "AnnotateFormatMethod") // the annotation is Error Prone's, which we compile with only
  void add(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  void text(double x, double y, String anchor, String text) {
    add("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>", x, y, anchor, escaped(text));
  }

  static String number(double value) {
    return value == Math.rint(value) || Math.abs(value) >= 100
        ? String.format(Locale.ROOT, "%,d", Math.round(value))
        : String.format(Locale.ROOT, "%.3g", value);
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  String svg() {
    return svg + "</svg>\n";
  }
}

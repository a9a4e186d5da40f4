package dev.fanfare.bench.result;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Samples of stacks as a flame graph: each box a method, as wide as its share of the samples, on
/// top of who called it. For one thread.
public final class Flame {
  private static final int WIDTH = 1200;
  private static final int ROW = 16;
  private static final int HEAD = 30;
  private static final double NARROWEST = 1.0;
  private static final double LETTER = 6.2;

  private final Node root = new Node();
  private final String title;

  public Flame(String title) {
    this.title = title;
  }

  private static final class Node {
    final Map<String, Node> above = new TreeMap<>();
    long samples;

    int height(double least) {
      return samples < least
          ? 0
          : 1 + above.values().stream().mapToInt(it -> it.height(least)).max().orElse(0);
    }
  }

  /// @param stack names, the outermost first
  public void add(List<String> stack) {
    var at = root;
    at.samples++;
    for (var name : stack) {
      at = at.above.computeIfAbsent(name, _ -> new Node());
      at.samples++;
    }
  }

  public long samples() {
    return root.samples;
  }

  public String svg() {
    double perSample = (double) WIDTH / Math.max(1, root.samples);
    int rows = root.height(NARROWEST / perSample);
    int height = HEAD + rows * ROW + 8;
    var svg = new StringBuilder();
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="monospace" font-size="10">
        <rect width="%d" height="%d" fill="#fff"/>
        <text x="6" y="18" font-size="13">%s, %,d samples</text>
        """
            .formatted(WIDTH, height, WIDTH, height, Frame.escaped(title), root.samples));
    draw(svg, "all", root, 0, height - ROW - 4, perSample);
    return svg + "</svg>\n";
  }

  private static void draw(
      StringBuilder svg, String name, Node node, double x, int y, double perSample) {
    double width = node.samples * perSample;
    if (width < NARROWEST) {
      return;
    }
    svg.append(
        String.format(
            Locale.ROOT,
            "<g><title>%s, %,d samples</title><rect x=\"%.1f\" y=\"%d\" width=\"%.1f\""
                + " height=\"%d\" fill=\"%s\" stroke=\"#fff\" stroke-width=\"0.5\"/>",
            Frame.escaped(name),
            node.samples,
            x,
            y,
            width,
            ROW,
            colour(name)));
    int letters = (int) ((width - 4) / LETTER);
    if (letters >= 3) {
      var shown = name.length() <= letters ? name : name.substring(0, letters - 1) + "…";
      svg.append(
          String.format(
              Locale.ROOT,
              "<text x=\"%.1f\" y=\"%d\">%s</text>",
              x + 2,
              y + 12,
              Frame.escaped(shown)));
    }
    svg.append("</g>\n");
    double at = x;
    for (var above : node.above.entrySet()) {
      draw(svg, above.getKey(), above.getValue(), at, y - ROW, perSample);
      at += above.getValue().samples * perSample;
    }
  }

  /// Whose code it is.
  private static String colour(String name) {
    if (name.startsWith("dev.fanfare")) {
      return "#f4a15d";
    }
    if (name.startsWith("okhttp3") || name.startsWith("okio")) {
      return "#9bc5e8";
    }
    if (name.startsWith("org.apache.kafka") || name.startsWith("org.rocksdb")) {
      return "#b9dca0";
    }
    return name.startsWith("java") || name.startsWith("jdk") || name.startsWith("sun")
        ? "#e6e0d2"
        : "#d9c3e6";
  }
}

package dev.fanfare.bench.result;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A drawing as SVG: bars next to each other, or lines over an axis.
public sealed interface Plot {
  int WIDTH = 720;
  int HEIGHT = 360;
  int LEFT = 76;
  int RIGHT = 16;
  int TOP = 44;
  int BOTTOM = 64;
  List<String> COLOURS = List.of("#4269d0", "#efb118", "#ff725c", "#6cc5b0", "#a463f2", "#97bbf5");

  String svg();

  /// @param bars label and height
  record Bars(String title, String unit, Map<String, Double> bars) implements Plot {
    public Bars {
      bars = new LinkedHashMap<>(bars);
    }

    @Override
    public String svg() {
      var frame = new Frame(title, unit, largest());
      double step = (double) (WIDTH - LEFT - RIGHT) / Math.max(1, bars.size());
      int i = 0;
      for (var bar : bars.entrySet()) {
        double x = LEFT + i * step + step * 0.15;
        double y = frame.y(bar.getValue());
        frame.add(
            "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>",
            x, y, step * 0.7, HEIGHT - BOTTOM - y, COLOURS.get(i % COLOURS.size()));
        double middle = x + step * 0.35;
        frame.text(middle, y - 5, "middle", Frame.number(bar.getValue()));
        var words = bar.getKey().split("\n", -1);
        for (int line = 0; line < words.length; line++) {
          frame.text(middle, HEIGHT - BOTTOM + 18 + 15 * line, "middle", words[line]);
        }
        i++;
      }
      return frame.svg();
    }

    private double largest() {
      return bars.values().stream().mapToDouble(it -> it).max().orElse(1);
    }
  }

  /// A point of a line.
  record Point(double x, double y) {}

  /// @param lines name and points, in order
  /// @param logarithmic whether x grows by factors
  record Lines(
      String title, String unit, String axis, boolean logarithmic, Map<String, List<Point>> lines)
      implements Plot {
    public Lines {
      lines = new LinkedHashMap<>(lines);
    }

    @Override
    public String svg() {
      var all = lines.values().stream().flatMap(List::stream).toList();
      var frame = new Frame(title, unit, all.stream().mapToDouble(Point::y).max().orElse(1));
      double least = all.stream().mapToDouble(it -> place(it.x)).min().orElse(0);
      double most = all.stream().mapToDouble(it -> place(it.x)).max().orElse(1);
      double span = most > least ? most - least : 1;
      int i = 0;
      for (var line : lines.entrySet()) {
        var colour = COLOURS.get(i % COLOURS.size());
        var points = new ArrayList<String>();
        for (var point : line.getValue()) {
          double x = LEFT + (place(point.x) - least) / span * (WIDTH - LEFT - RIGHT);
          points.add(String.format(Locale.ROOT, "%.1f,%.1f", x, frame.y(point.y)));
        }
        frame.add(
            "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>",
            String.join(" ", points), colour);
        frame.add(
            "<rect x=\"%d\" y=\"%d\" width=\"10\" height=\"10\" fill=\"%s\"/>",
            LEFT + 10, TOP + 4 + 16 * i, colour);
        frame.text(LEFT + 26, TOP + 13 + 16 * i, "start", line.getKey());
        i++;
      }
      all.stream()
          .mapToDouble(Point::x)
          .distinct()
          .sorted()
          .limit(logarithmic ? Long.MAX_VALUE : 0)
          .forEach(x ->
              frame.text(
                  LEFT + (place(x) - least) / span * (WIDTH - LEFT - RIGHT),
                  HEIGHT - BOTTOM + 18,
                  "middle",
                  Frame.number(x)));
      if (!logarithmic) {
        for (int tick = 0; tick <= 5; tick++) {
          double x = least + span * tick / 5;
          frame.text(
              LEFT + (WIDTH - LEFT - RIGHT) * tick / 5.0,
              HEIGHT - BOTTOM + 18,
              "middle",
              Frame.number(x));
        }
      }
      frame.text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - BOTTOM + 40, "middle", axis);
      return frame.svg();
    }

    private double place(double x) {
      return logarithmic ? Math.log10(Math.max(x, 1e-9)) : x;
    }
  }
}

package dev.fanfare.bench.rig;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/// What the `/metrics` of one or several dispatchers said at one moment, added up.
public final class Scrape {
  private static final Pattern LINE = Pattern.compile("([a-zA-Z_:]\\w*)(\\{.*})? (\\S+).*");

  private final Map<String, Map<String, Double>> series = new HashMap<>();

  private Scrape() {}

  public static Scrape of(DispatcherProcess... dispatchers) {
    var scrape = new Scrape();
    for (var dispatcher : dispatchers) {
      scrape.add(dispatcher.api().text("/metrics"));
    }
    return scrape;
  }

  private void add(String page) {
    page.lines()
        .filter(line -> !line.startsWith("#"))
        .map(LINE::matcher)
        .filter(line -> line.matches())
        .forEach(line ->
            series
                .computeIfAbsent(line.group(1), _ -> new HashMap<>())
                .merge(
                    line.group(2) == null ? "" : line.group(2),
                    Double.parseDouble(line.group(3)),
                    Double::sum));
  }

  /// The sum over all series of a metric; 0 if there is none.
  ///
  /// @param labels each must occur in a series' labels, e.g. `outcome="delivered"`
  public double sum(String name, String... labels) {
    double sum = 0;
    for (var one : series.getOrDefault(name, Map.of()).entrySet()) {
      boolean wanted = true;
      for (var label : labels) {
        wanted &= one.getKey().contains(label);
      }
      sum += wanted ? one.getValue() : 0;
    }
    return sum;
  }
}

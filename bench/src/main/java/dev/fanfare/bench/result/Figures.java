package dev.fanfare.bench.result;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/// What was measured of one variant of a scenario, under the names of the JSON; what does not apply
/// is not there. For one thread.
public final class Figures {
  private static final double[] PERCENTILES = {50, 90, 99, 99.9};
  private static final String[] NAMES = {"p50", "p90", "p99", "p999"};

  private final String variant;
  private final Map<String, Object> all = new LinkedHashMap<>();

  public Figures(String variant) {
    this.variant = variant;
  }

  public String variant() {
    return variant;
  }

  /// Of a figure measured several times, the median, and all of them as measured.
  public Figures put(String name, List<Double> measured) {
    put(name, median(measured));
    if (measured.size() > 1) {
      all.put(name + "_each", measured.stream().map(Figures::rounded).toList());
    }
    return this;
  }

  public Figures put(String name, double value) {
    all.put(name, rounded(value));
    return this;
  }

  public Figures put(String name, Object value) {
    all.put(name, value);
    return this;
  }

  /// @param micros latencies in microseconds
  public Figures latency(Histogram micros) {
    var latency = new LinkedHashMap<String, Object>();
    for (int i = 0; i < PERCENTILES.length; i++) {
      latency.put(NAMES[i], rounded(micros.getValueAtPercentile(PERCENTILES[i]) / 1e3));
    }
    latency.put("max", rounded(micros.getMaxValue() / 1e3));
    latency.put("count", micros.getTotalCount());
    all.put("latency_ms", latency);
    return this;
  }

  /// Processor time for each of so many deliveries: the dispatcher's alone, and of every process.
  public Figures cpu(Map<String, Duration> used, long deliveries) {
    var each = new LinkedHashMap<String, Object>();
    double sum = 0;
    for (var one : used.entrySet()) {
      double micros = one.getValue().toNanos() / 1e3 / Math.max(1, deliveries);
      sum += micros;
      each.put(one.getKey(), rounded(micros));
    }
    put("cpu_us_per_delivery", sum);
    all.put("cpu_us_per_delivery_by_process", each);
    return this;
  }

  /// A figure by its name, or by the path to it: `latency_ms.p99`.
  public Optional<Double> value(String path) {
    Object at = all;
    for (var name : path.split("\\.", -1)) {
      at = at instanceof Map<?, ?> map ? map.get(name) : null;
    }
    return at instanceof Number number ? Optional.of(number.doubleValue()) : Optional.empty();
  }

  Map<String, Object> all() {
    return all;
  }

  public static double median(List<Double> measured) {
    var sorted = measured.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  /// To four digits or to whole numbers: more would not be true.
  private static Object rounded(double value) {
    if (value == Math.rint(value) || Math.abs(value) >= 1_000) {
      return Math.round(value);
    }
    var scale = Math.pow(10, 3 - Math.floor(Math.log10(Math.abs(value))));
    return Math.round(value * scale) / scale;
  }
}

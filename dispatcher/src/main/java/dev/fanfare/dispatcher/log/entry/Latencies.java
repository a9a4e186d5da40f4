package dev.fanfare.dispatcher.log.entry;

import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/// How long things took, in classes that each reach a seventh further than the one before: a
/// percentile read from it is at most that much too high.
///
/// @param counts by class, those that are not 0
public record Latencies(Map<Integer, Long> counts) {
  public static final Latencies EMPTY = new Latencies(Map.of());
  private static final double GROWTH = 8.0 / 7.0;
  private static final double LOG_GROWTH = Math.log(GROWTH);
  private static final int LAST = 160;

  public Latencies {
    counts = Map.copyOf(counts);
  }

  public static Latencies of(long micros) {
    return new Latencies(Map.of(classOf(micros), 1L));
  }

  private static int classOf(long micros) {
    if (micros <= 1) {
      return 0;
    }
    return Math.min((int) Math.ceil(Math.log((double) micros) / LOG_GROWTH), LAST);
  }

  public Latencies plus(Latencies other) {
    if (other.counts.isEmpty()) {
      return this;
    }
    if (counts.isEmpty()) {
      return other;
    }
    var sum = new TreeMap<>(counts);
    other.counts.forEach((at, count) -> sum.merge(at, count, Long::sum));
    return new Latencies(sum);
  }

  public long total() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /// In microseconds, the upper end of the class that holds it; empty when there is nothing.
  ///
  /// @param share e.g. 0.99
  public OptionalLong percentile(double share) {
    long total = total();
    if (total == 0) {
      return OptionalLong.empty();
    }
    long rank = Math.max(1, (long) Math.ceil(total * share));
    long seen = 0;
    int found = 0;
    for (var each : new TreeMap<>(counts).entrySet()) {
      seen += each.getValue();
      found = each.getKey();
      if (seen >= rank) {
        break;
      }
    }
    return OptionalLong.of(Math.round(Math.pow(GROWTH, found)));
  }

  void write(WireWriter out) {
    out.number(counts.size());
    counts.forEach((at, count) -> out.one(at).number(count));
  }

  static Latencies read(WireReader in) {
    var counts = new TreeMap<Integer, Long>();
    for (int left = in.count(); left > 0; left--) {
      counts.put(in.one(), in.number());
    }
    return new Latencies(counts);
  }
}

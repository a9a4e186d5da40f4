package dev.fanfare.dispatcher.log.query;

import dev.fanfare.dispatcher.log.entry.WireReader;
import dev.fanfare.dispatcher.log.entry.WireWriter;
import dev.fanfare.dispatcher.log.ledger.Ledger.Finding;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What the last look through a partition's open deliveries showed.
///
/// @param at when, milliseconds since the epoch
/// @param waiting how many wait, by rung; on the topic of deliveries or with a worker under an
///   empty name
/// @param overdue those of them whose time has come more than a moment ago
/// @param due between when and when those that wait for a time are due, by rung
/// @param unaccounted how many are nowhere
/// @param lost the first of these
/// @param oldest of each endpoint's open deliveries, those endpoints first that wait longest
public record Balance(
    long at,
    Map<String, Long> waiting,
    Map<String, Long> overdue,
    Map<String, Due> due,
    long unaccounted,
    List<Lost> lost,
    List<Oldest> oldest) {
  /// @param finding what speaks against it
  public record Lost(String deliveryId, Finding finding) {}

  /// Since when the oldest open delivery of a subscription waits.
  ///
  /// @param since milliseconds since the epoch
  public record Oldest(String subscription, String tenant, long since) {
    byte[] toBytes() {
      return new WireWriter().text(subscription).text(tenant).number(since).toBytes();
    }

    static Oldest read(byte[] bytes) {
      var in = new WireReader(bytes);
      return new Oldest(in.text(), in.text(), in.number());
    }
  }

  /// Milliseconds since the epoch.
  public record Due(long first, long last) {
    static Due at(long time) {
      return new Due(time, time);
    }

    Due and(Due other) {
      return new Due(Math.min(first, other.first), Math.max(last, other.last));
    }
  }

  public Balance {
    waiting = Map.copyOf(waiting);
    overdue = Map.copyOf(overdue);
    due = Map.copyOf(due);
    lost = List.copyOf(lost);
    oldest = List.copyOf(oldest);
  }

  byte[] toBytes() {
    var out = new WireWriter().number(at).number(unaccounted);
    write(out, waiting);
    write(out, overdue);
    out.number(due.size());
    due.forEach((rung, when) -> out.text(rung).number(when.first()).number(when.last()));
    return out.toBytes();
  }

  /// Without the lists, which are asked for by themselves.
  static Balance read(byte[] bytes) {
    var in = new WireReader(bytes);
    long at = in.number();
    long unaccounted = in.number();
    var waiting = read(in);
    var overdue = read(in);
    return new Balance(at, waiting, overdue, dues(in), unaccounted, List.of(), List.of());
  }

  /// An instance of an older version does not say.
  private static Map<String, Due> dues(WireReader in) {
    var due = new TreeMap<String, Due>();
    for (int left = in.atEnd() ? 0 : in.count(); left > 0; left--) {
      due.put(in.text(), new Due(in.number(), in.number()));
    }
    return due;
  }

  private static void write(WireWriter out, Map<String, Long> counts) {
    out.number(counts.size());
    counts.forEach((name, count) -> out.text(name).number(count));
  }

  private static Map<String, Long> read(WireReader in) {
    var counts = new TreeMap<String, Long>();
    for (int left = in.count(); left > 0; left--) {
      counts.put(in.text(), in.number());
    }
    return counts;
  }
}

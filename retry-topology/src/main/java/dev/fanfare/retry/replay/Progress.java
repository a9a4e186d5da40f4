package dev.fanfare.retry.replay;

import java.util.HashMap;
import java.util.Map;

/// How far a replay is. It ends at the offsets at which its source ended when it began, so what
/// dies later is not part of it.
///
/// @param total selected, as counted when it began
/// @param released written to be delivered
/// @param skipped selected, but the subscription is deleted or disabled
/// @param unread offsets that retention had deleted first; some of them may have been selected
/// @param repeats deliveries of which the source holds several records that match
/// @param starts by partition the first offset
/// @param positions by partition the next offset to read
/// @param ends by partition the offset at which it ends
public record Progress(
    long total,
    long released,
    long skipped,
    long unread,
    long repeats,
    Map<Integer, Long> starts,
    Map<Integer, Long> positions,
    Map<Integer, Long> ends) {
  public static final Progress NONE = new Progress(0, 0, 0, 0, 0, Map.of(), Map.of(), Map.of());

  public Progress {
    starts = Map.copyOf(starts);
    positions = Map.copyOf(positions);
    ends = Map.copyOf(ends);
  }

  /// Nothing released yet.
  public static Progress begin(
      long total, long repeats, Map<Integer, Long> starts, Map<Integer, Long> ends) {
    return new Progress(total, 0, 0, 0, repeats, starts, starts, ends);
  }

  /// Of deliveries that were found beforehand.
  public static Progress begin(long picked) {
    return new Progress(picked, 0, 0, 0, 0, Map.of(), Map.of(), Map.of());
  }

  /// So many more, and these partitions read so far.
  public Progress moved(int more, int moreSkipped, Map<Integer, Long> reached) {
    var all = new HashMap<>(positions);
    all.putAll(reached);
    return new Progress(
        total, released + more, skipped + moreSkipped, unread, repeats, starts, all, ends);
  }

  public Progress lost(long offsets) {
    return new Progress(
        total, released, skipped, unread + offsets, repeats, starts, positions, ends);
  }

  /// Whether everything has been read.
  public boolean complete() {
    return ends.entrySet().stream()
        .allMatch(end -> positions.getOrDefault(end.getKey(), 0L) >= end.getValue());
  }

  /// Selected and still to be released, as far as the count at the beginning tells.
  public long remaining() {
    return Math.max(0, total - released - skipped);
  }
}

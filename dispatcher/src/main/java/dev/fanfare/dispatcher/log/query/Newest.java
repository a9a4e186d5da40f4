package dev.fanfare.dispatcher.log.query;

import dev.fanfare.dispatcher.log.entry.Position;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;

/// Where a page ends, as far as the partitions looked at so far have shown: once they have filled
/// it, nothing older than its last can stand on it, so the others need not be looked through
/// further than that. Used by one thread.
final class Newest {
  private final int limit;
  private final PriorityQueue<Position> oldestFirst =
      new PriorityQueue<>(Comparator.<Position>naturalOrder().reversed());

  /// @param limit how many stand on the page
  Newest(int limit) {
    this.limit = limit;
  }

  void add(Position found) {
    oldestFirst.add(found);
    if (oldestFirst.size() > limit) {
      oldestFirst.remove();
    }
  }

  /// The last position on the page; empty while it is not full.
  Optional<Position> bound() {
    return oldestFirst.size() < limit ? Optional.empty() : Optional.ofNullable(oldestFirst.peek());
  }
}

package dev.fanfare.dispatcher.log.query;

import dev.fanfare.dispatcher.log.entry.DeliveryState;
import dev.fanfare.dispatcher.log.entry.Position;
import dev.fanfare.dispatcher.log.entry.StateCodec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Some deliveries in order, and where the rest begins.
///
/// @param next where to go on; empty at the end. A page may hold fewer than were asked for, even
///   none, and still have one after it: when much was looked through and little matched
/// @param missing partitions that could not be asked
public record Page(List<DeliveryState> items, Optional<Position> next, Set<Integer> missing) {
  public Page {
    items = List.copyOf(items);
    missing = Set.copyOf(missing);
  }

  /// Merges what the partitions have found. Where one has stopped looking, what others have found
  /// beyond that must wait: it may have more in between.
  static Page of(
      List<Part> parts, Function<DeliveryState, Position> order, int limit, Set<Integer> missing) {
    var bound =
        parts.stream().flatMap(part -> part.stoppedAt().stream()).min(Comparator.naturalOrder());
    var found = new ArrayList<DeliveryState>();
    for (var part : parts) {
      for (var row : part.rows()) {
        if (row.kind() == Row.STATE) {
          found.add(StateCodec.read(row.value()));
        }
      }
    }
    var sorted =
        found.stream()
            .filter(it -> bound.isEmpty() || order.apply(it).compareTo(bound.get()) <= 0)
            .sorted(Comparator.comparing(order))
            .toList();
    var items = sorted.subList(0, Math.min(limit, sorted.size()));
    Optional<Position> next =
        sorted.size() > limit ? Optional.of(order.apply(items.getLast())) : bound;
    return new Page(items, next, missing);
  }
}

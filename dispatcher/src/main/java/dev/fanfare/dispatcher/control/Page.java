package dev.fanfare.dispatcher.control;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One part of a list.
///
/// @param next what to ask for to get on; empty at the end
public record Page<T>(List<T> items, Optional<String> next) {
  public Page {
    items = List.copyOf(items);
  }

  /// @param place by what the list is ordered, different for each
  /// @param after the place that the page before ended with; null for the first
  static <T> Page<T> of(
      Stream<T> all, Function<T, String> place, @Nullable String after, int limit) {
    return next(
        all.filter(it -> after == null || place.apply(it).compareTo(after) > 0)
            .sorted(Comparator.comparing(place)),
        place,
        limit);
  }

  /// @param following what comes behind the page before, in order; read one further than is shown
  static <T> Page<T> next(Stream<T> following, Function<T, String> place, int limit) {
    var items = following.limit(limit + 1L).toList();
    var shown = items.subList(0, Math.min(limit, items.size()));
    return new Page<>(
        shown, items.size() > limit ? Optional.of(place.apply(shown.getLast())) : Optional.empty());
  }

  public <R> Page<R> map(Function<T, R> shown) {
    return new Page<>(items.stream().map(shown).toList(), next);
  }
}

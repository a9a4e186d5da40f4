package dev.fanfare.dispatcher.log.entry;

import java.util.Comparator;
import java.util.Optional;

/// A place in a list that runs from the newest to the oldest: a time and, where several have the
/// same, a name. It stays the same place when something newer arrives.
public record Position(long at, String id) implements Comparable<Position> {
  /// The newest first.
  private static final Comparator<Position> NEWEST_FIRST =
      Comparator.comparingLong(Position::at).reversed().thenComparing(Position::id);

  @Override
  public int compareTo(Position other) {
    return NEWEST_FIRST.compare(this, other);
  }

  /// As a cursor's content.
  public String text() {
    return at + "." + id;
  }

  /// Empty when the text is no position.
  public static Optional<Position> of(String text) {
    int dot = text.indexOf('.');
    if (dot < 1 || dot > 18 || !text.substring(0, dot).matches("\\d+")) {
      return Optional.empty();
    }
    return Optional.of(
        new Position(Long.parseLong(text.substring(0, dot)), text.substring(dot + 1)));
  }
}

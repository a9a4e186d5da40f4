package dev.fanfare.dispatcher.control;

import java.util.List;

/// What became of a wish to make or change something.
///
/// @param <T> what is shown of it
public sealed interface Change<T> {
  /// It is so, and this process knows it.
  record Done<T>(T result) implements Change<T> {}

  /// Nothing was written: there is no such thing.
  record Unknown<T>() implements Change<T> {}

  /// Nothing was written, for these reasons; at least one.
  record Refused<T>(List<RequestProblem> problems) implements Change<T> {
    public Refused {
      problems = List.copyOf(problems);
    }
  }

  /// Nothing was written: something else stands in the way.
  record Conflict<T>(String why) implements Change<T> {}

  /// Kafka has not acknowledged it.
  record Unavailable<T>(String why) implements Change<T> {}
}

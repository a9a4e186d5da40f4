package dev.fanfare.dispatcher.control;

import dev.fanfare.dispatcher.control.RecordWriter.Keyed;
import dev.fanfare.dispatcher.feed.CurrentTable;
import java.util.function.Supplier;

/// Writes what is decided on what is known, so that no two such decisions, of whatever instance,
/// are made on the same knowledge. Thread-safe.
public interface DecidedWriter extends AutoCloseable {
  /// What to do with what is known now.
  sealed interface Decision<R> {
    /// Write this, and then the result is so.
    record Write<R>(Keyed record, R result) implements Decision<R> {}

    /// Write nothing.
    record Leave<R>(R result) implements Decision<R> {}
  }

  /// What became of it.
  sealed interface Decided<R> {
    record Done<R>(R result) implements Decided<R> {}

    /// Kafka has not acknowledged it. It may yet turn out to have been written.
    record Failed<R>(String why) implements Decided<R> {}
  }

  /// @param applied of the table that the decision looks at, fed from the topic; it is current when
  ///   the decision is asked for, and holds the write when this returns
  /// @param decision may be asked several times; writes nothing itself
  <R> Decided<R> decide(String topic, CurrentTable applied, Supplier<Decision<R>> decision);

  @Override
  void close();
}

package dev.fanfare.dispatcher.control;

import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/// Writes records and waits until they are safe. Thread-safe.
public interface RecordWriter extends AutoCloseable {
  /// @param value null removes the key from a compacted topic
  record Keyed(String key, @Nullable SpecificRecord value) {}

  /// Writes all; answers one for one, within a bound.
  List<Written> write(String topic, List<Keyed> records);

  default Written write(String topic, Keyed single) {
    return write(topic, List.of(single)).getFirst();
  }

  @Override
  void close();
}

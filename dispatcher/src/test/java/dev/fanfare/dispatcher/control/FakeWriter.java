package dev.fanfare.dispatcher.control;

import java.util.ArrayList;
import java.util.List;

/// Keeps what is written, or fails.
final class FakeWriter implements RecordWriter {
  final List<Keyed> written = new ArrayList<>();
  boolean away;

  @Override
  public List<Written> write(String topic, List<Keyed> records) {
    var results = new ArrayList<Written>();
    for (var record : records) {
      if (away) {
        results.add(new Written.Failed("away"));
      } else {
        written.add(record);
        results.add(new Written.Acknowledged(0, written.size() - 1));
      }
    }
    return results;
  }

  @Override
  public void close() {}
}

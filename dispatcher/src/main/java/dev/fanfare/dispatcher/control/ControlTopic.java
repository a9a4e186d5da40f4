package dev.fanfare.dispatcher.control;

import dev.fanfare.dispatcher.control.RecordWriter.Keyed;
import dev.fanfare.dispatcher.feed.AppliedWrites;
import java.time.Duration;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One compacted topic to write to. What a caller wrote, it can read: a write returns when this
/// process's table has it. Thread-safe.
///
/// @param applied of the table that is fed from the topic
public record ControlTopic(String name, RecordWriter writer, AppliedWrites applied) {
  private static final Logger LOG = LoggerFactory.getLogger(ControlTopic.class);
  private static final Duration OWN_WRITE = Duration.ofSeconds(5);

  /// @param value null removes the key
  Written write(String key, @Nullable SpecificRecord value) {
    var written = writer.write(name, new Keyed(key, value));
    if (written instanceof Written.Acknowledged(int partition, long offset)
        && !applied.awaitApplied(partition, offset, OWN_WRITE)) {
      // It is safe already; this is for the caller's next read only.
      LOG.warn("this process has not read its own write to {} within {}", name, OWN_WRITE);
    }
    return written;
  }
}

package dev.fanfare.dispatcher.control;

import dev.fanfare.schemas.avro.EmailEvent;
import java.util.function.Consumer;

/// The latest of what the platform has published. Thread-safe.
public interface RecentEvents {
  /// What became of a look.
  sealed interface Look {
    /// @param complete false where the bounds, or records that can't be read, left something out
    record Seen(boolean complete) implements Look {}

    /// Kafka or the registry did not answer, or too many look at the same time.
    record Unavailable(String why) implements Look {}
  }

  /// Hands on the latest events of a tenant, in no order, within bounds of number, bytes and time.
  Look look(String tenant, Consumer<EmailEvent> each);
}

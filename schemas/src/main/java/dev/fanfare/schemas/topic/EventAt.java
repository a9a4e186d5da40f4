package dev.fanfare.schemas.topic;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// When an event was written to the input topic, as it stands in the Kafka header of its
/// deliveries' records: eight bytes, big-endian, milliseconds since the epoch. Nothing but a
/// measurement rests on it.
public final class EventAt {
  /// Name of the header.
  public static final String HEADER = "fanfare-event-at";

  private EventAt() {}

  public static byte[] encode(long epochMillis) {
    return ByteBuffer.allocate(Long.BYTES).putLong(epochMillis).array();
  }

  /// Empty when there is no header, or one of another length.
  public static Optional<Instant> decode(byte @Nullable [] header) {
    return header == null || header.length != Long.BYTES
        ? Optional.empty()
        : Optional.of(Instant.ofEpochMilli(ByteBuffer.wrap(header).getLong()));
  }
}

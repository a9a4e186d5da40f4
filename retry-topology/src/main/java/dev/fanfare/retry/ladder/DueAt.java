package dev.fanfare.retry.ladder;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The time at which a waiting delivery is due, as it stands in the Kafka header of its record, so
/// that the relay need not decode the value: eight bytes, big-endian, milliseconds since the epoch.
/// Whoever writes to a rung writes this header.
public final class DueAt {
  /// Name of the header.
  public static final String HEADER = "fanfare-due-at";

  private DueAt() {}

  /// Rounded up to the millisecond, so that nothing is due early.
  public static byte[] encode(Instant dueAt) {
    long millis = dueAt.toEpochMilli();
    boolean whole = Instant.ofEpochMilli(millis).equals(dueAt);
    return ByteBuffer.allocate(Long.BYTES).putLong(whole ? millis : millis + 1).array();
  }

  /// Empty when there is no header, or one of another length.
  public static Optional<Instant> decode(byte @Nullable [] header) {
    return header == null || header.length != Long.BYTES
        ? Optional.empty()
        : Optional.of(Instant.ofEpochMilli(ByteBuffer.wrap(header).getLong()));
  }
}

package dev.fanfare.schemas.topic;

import java.nio.ByteBuffer;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// What an attempt has made of its endpoint's circuit breaker, as it stands in the Kafka header of
/// the attempt's record: eight bytes, big-endian, until when it is open, milliseconds since the
/// epoch; 0 while it lets one attempt through at a time, to see. A closed one has no header.
public final class BreakerHeader {
  /// Name of the header.
  public static final String NAME = "fanfare-breaker";

  /// Instead of a time: half open.
  public static final long PROBING = 0;

  private BreakerHeader() {}

  public static byte[] encode(long untilMillis) {
    return ByteBuffer.allocate(Long.BYTES).putLong(untilMillis).array();
  }

  /// Empty when there is no header, or one of another length.
  public static OptionalLong decode(byte @Nullable [] header) {
    return header == null || header.length != Long.BYTES
        ? OptionalLong.empty()
        : OptionalLong.of(ByteBuffer.wrap(header).getLong());
  }
}

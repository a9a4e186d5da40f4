package dev.fanfare.bench.load;

import java.time.Instant;
import java.util.OptionalLong;

/// Event ids that say which event it is and when it should have been sent, so that a receiver knows
/// how late it is: `b_<number>_<microseconds since 1970>`. Being late with sending counts as well.
public final class Due {
  private static final String PREFIX = "b_";

  private Due() {}

  public static String id(long number, long dueMicros) {
    return PREFIX + number + "_" + dueMicros;
  }

  /// Microseconds since 1970.
  public static long now() {
    var now = Instant.now();
    return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
  }

  /// Which event it is; empty if the id is none of ours.
  public static OptionalLong number(String id) {
    int end = id.lastIndexOf('_');
    return id.startsWith(PREFIX) && end > PREFIX.length()
        ? OptionalLong.of(Long.parseLong(id, PREFIX.length(), end, 10))
        : OptionalLong.empty();
  }

  /// When it should have been sent; 0 if nobody says.
  public static long dueMicros(String id) {
    return Long.parseLong(id, id.lastIndexOf('_') + 1, id.length(), 10);
  }
}

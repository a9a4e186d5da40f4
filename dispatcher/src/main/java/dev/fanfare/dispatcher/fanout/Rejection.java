package dev.fanfare.dispatcher.fanout;

import dev.fanfare.schemas.payload.EventFault;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// Why an event was not fanned out.
///
/// @param reason stable name, in the header `fanfare-reason` and as a metric's label: one of
///   `EventFault`'s codes, or one of the names here
/// @param detail for people; at most a line
public record Rejection(String reason, String detail) {
  /// Its bytes are no event.
  public static final String UNREADABLE = "unreadable";

  /// A payload made of it would be larger than is allowed.
  public static final String PAYLOAD_TOO_LARGE = "payload_too_large";

  /// A fault of ours: it was read, but working on it failed, and would fail again.
  public static final String UNPROCESSABLE = "unprocessable";

  /// All reasons there are.
  static List<String> reasons() {
    return Stream.concat(
            Arrays.stream(EventFault.values()).map(EventFault::code),
            Stream.of(UNREADABLE, PAYLOAD_TOO_LARGE, UNPROCESSABLE))
        .toList();
  }
}

package dev.fanfare.dispatcher.ingest;

import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Map;

/// What a provider posted, as it came.
///
/// @param headers names in lower case
/// @param body from position to limit; not moved
public record Request(Map<String, String> headers, ByteBuffer body) {
  public Request {
    headers = Map.copyOf(headers);
    body = body.asReadOnlyBuffer();
  }

  /// Empty when there is none.
  String header(String name) {
    return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
  }
}

package dev.fanfare.testkit.receiver;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// One request as it arrived, whole.
///
/// @param number counts the requests of the receiver, from 1
/// @param connection counts its connections, from 1: equal for requests that shared one
/// @param target path and query
/// @param headers names in lower case; a repeated field's values joined with a comma
/// @param arrivedAt when its last byte had been read
public record Received(
    long number,
    long connection,
    String method,
    String target,
    Map<String, String> headers,
    ByteBuffer body,
    Instant arrivedAt) {
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
  }

  public String text() {
    return UTF_8.decode(body.duplicate()).toString();
  }
}

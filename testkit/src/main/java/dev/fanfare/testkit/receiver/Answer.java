package dev.fanfare.testkit.receiver;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// What a receiver says to one request, and how long it thinks about it first.
public record Answer(int status, Map<String, String> headers, ByteBuffer body, Duration delay) {
  public static final Answer OK = status(200);

  public Answer {
    headers = Map.copyOf(headers);
  }

  public static Answer status(int status) {
    return new Answer(status, Map.of(), ByteBuffer.allocate(0).asReadOnlyBuffer(), Duration.ZERO);
  }

  public Answer header(String name, String value) {
    var more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Answer(status, more, body, delay);
  }

  public Answer body(String text) {
    return body(ByteBuffer.wrap(text.getBytes(UTF_8)));
  }

  public Answer body(ByteBuffer bytes) {
    return new Answer(status, headers, bytes, delay);
  }

  public Answer after(Duration wait) {
    return new Answer(status, headers, body, wait);
  }
}

package dev.fanfare.dispatcher.api.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/// What goes back: status, content, header fields.
///
/// @param mediaType empty when there is no content
/// @param content read only from position to limit
public record Answer(
    int status, String mediaType, ByteBuffer content, Map<String, String> headers) {
  private static final String JSON = "application/json";

  public Answer {
    content = content.asReadOnlyBuffer();
    headers = Map.copyOf(headers);
  }

  public static Answer json(int status, JsonNode json) {
    return new Answer(status, JSON, Json.bytes(json), Map.of());
  }

  public static Answer text(String mediaType, String text) {
    return new Answer(200, mediaType, ByteBuffer.wrap(text.getBytes(UTF_8)), Map.of());
  }

  public static Answer noContent() {
    return new Answer(204, "", ByteBuffer.allocate(0), Map.of());
  }

  public Answer with(String header, String value) {
    var all = new HashMap<>(headers);
    all.put(header, value);
    return new Answer(status, mediaType, content, all);
  }

  public boolean isSuccess() {
    return status / 100 == 2;
  }

  /// A copy.
  public byte[] bytes() {
    var bytes = new byte[content.remaining()];
    content.duplicate().get(bytes);
    return bytes;
  }
}

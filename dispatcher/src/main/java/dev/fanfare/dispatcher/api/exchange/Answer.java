package dev.fanfare.dispatcher.api.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// What goes back: status, content, header fields.
///
/// @param mediaType empty when there is no content
/// @param content read only from position to limit
/// @param flow writes what comes after the content, for as long as it comes
public record Answer(
    int status,
    String mediaType,
    ByteBuffer content,
    Map<String, String> headers,
    Optional<Flow> flow) {
  private static final String JSON = "application/json";

  /// Content without an end.
  @FunctionalInterface
  public interface Flow {
    /// Returns when there is no more, or soon after the server begins to end.
    ///
    /// @throws IOException if the client has left
    void write(OutputStream out, BooleanSupplier ending) throws IOException;
  }

  public Answer {
    content = content.asReadOnlyBuffer();
    headers = Map.copyOf(headers);
  }

  public Answer(int status, String mediaType, ByteBuffer content, Map<String, String> headers) {
    this(status, mediaType, content, headers, Optional.empty());
  }

  public static Answer flowing(String mediaType, Flow flow) {
    return new Answer(200, mediaType, ByteBuffer.allocate(0), Map.of(), Optional.of(flow));
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
    return new Answer(status, mediaType, content, all, flow);
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

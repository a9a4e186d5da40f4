package dev.fanfare.retry.deadletter;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;

/// What the endpoint said to the last attempt, or how that attempt failed to get an answer.
///
/// @param status HTTP status; empty when no answer came
/// @param headers header fields of the answer, names in lower case
/// @param body first bytes of the answer's body; empty when no answer came
/// @param error class of the error, e.g. `timeout`; empty when an answer came
/// @param message what went wrong, for people; names no secret
public record LastAnswer(
    Optional<Integer> status,
    Map<String, String> headers,
    Optional<ByteBuffer> body,
    Optional<String> error,
    Optional<String> message) {

  /// No attempt was made, e.g. because the endpoint was deleted first.
  public static final LastAnswer NONE =
      new LastAnswer(
          Optional.empty(), Map.of(), Optional.empty(), Optional.empty(), Optional.empty());

  public LastAnswer {
    headers = Map.copyOf(headers);
  }

  public static LastAnswer answered(int status, Map<String, String> headers, ByteBuffer body) {
    return new LastAnswer(
        Optional.of(status), headers, Optional.of(body), Optional.empty(), Optional.empty());
  }

  public static LastAnswer failed(String error, String message) {
    return new LastAnswer(
        Optional.empty(), Map.of(), Optional.empty(), Optional.of(error), Optional.of(message));
  }
}

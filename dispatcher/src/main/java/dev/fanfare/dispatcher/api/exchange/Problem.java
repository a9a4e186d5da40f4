package dev.fanfare.dispatcher.api.exchange;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// What a client is told when a call fails (RFC 9457, `application/problem+json`).
///
/// @param code stable word for programs; makes the `type`
/// @param title the same for every problem of this code
/// @param detail about this very call; never a stack trace, never a secret
/// @param errors everything that is wrong with the content, in the order found
/// @param headers header fields of the answer, e.g. `Retry-After`
public record Problem(
    int status,
    String code,
    String title,
    String detail,
    List<FieldError> errors,
    Map<String, String> headers) {
  public static final String MEDIA_TYPE = "application/problem+json";
  private static final String TYPE = "urn:fanfare:problem:";

  public Problem {
    errors = List.copyOf(errors);
    headers = Map.copyOf(headers);
  }

  private static Problem of(int status, String code, String title, String detail) {
    return new Problem(status, code, title, detail, List.of(), Map.of());
  }

  private static Problem of(
      int status, String code, String title, String detail, String header, String value) {
    return new Problem(status, code, title, detail, List.of(), Map.of(header, value));
  }

  public static Problem malformed(String detail) {
    return of(400, "malformed-request", "The request can't be read", detail);
  }

  /// Closes the connection, since nobody knows where the next request begins.
  public static Problem unreadable() {
    return of(
        400,
        "malformed-request",
        "The request can't be read",
        "its content breaks off, comes too slowly or is framed wrongly",
        "Connection",
        "close");
  }

  public static Problem unauthorized(String detail) {
    return of(
        401,
        "unauthorized",
        "An API key is needed",
        detail,
        "WWW-Authenticate",
        "Bearer realm=\"fanfare\"");
  }

  public static Problem forbidden(String detail) {
    return of(403, "forbidden", "This is not allowed", detail);
  }

  public static Problem notFound(String detail) {
    return of(404, "not-found", "There is no such thing", detail);
  }

  public static Problem methodNotAllowed(String allowed) {
    return of(
        405,
        "method-not-allowed",
        "The method does not fit",
        "this address takes " + allowed,
        "Allow",
        allowed);
  }

  public static Problem conflict(String detail) {
    return of(409, "conflict", "Something else is under way", detail);
  }

  public static Problem preconditionFailed(String detail) {
    return of(412, "precondition-failed", "It has been changed meanwhile", detail);
  }

  public static Problem tooManyRequests(String detail) {
    return of(429, "too-many-requests", "Too many requests", detail, "Retry-After", "1");
  }

  /// Closes the connection, since the rest of the request is not read.
  public static Problem tooLarge(String detail) {
    return of(413, "too-large", "The request is too large", detail, "Connection", "close");
  }

  public static Problem unsupportedMediaType(String detail) {
    return of(
        415,
        "unsupported-media-type",
        "The content is of the wrong kind",
        detail,
        "Accept",
        "application/json");
  }

  public static Problem encoded() {
    return unsupportedMediaType("the content must not be compressed");
  }

  public static Problem invalid(List<FieldError> errors) {
    return new Problem(
        422,
        "invalid-content",
        "The content is not valid",
        errors.size() == 1 ? "one thing is wrong" : errors.size() + " things are wrong",
        errors,
        Map.of());
  }

  /// Of the content as a whole.
  public static Problem invalid(String detail) {
    return of(422, "invalid-content", "The content is not valid", detail);
  }

  public static Problem keyReused() {
    return of(
        422,
        "idempotency-key-reused",
        "The Idempotency-Key was used before",
        "it came with another request; use a new key for each new request");
  }

  /// Nothing is wrong with the call itself.
  public static Problem unavailable(String detail, int retryAfterSeconds) {
    return of(
        503,
        "unavailable",
        "Not possible at the moment",
        detail,
        "Retry-After",
        Integer.toString(retryAfterSeconds));
  }

  /// A bug; what happened stands in the log under the same id.
  public static Problem internal(String id) {
    return of(500, "internal-error", "Something went wrong here", "see the log for " + id);
  }

  /// Whatever the HTTP server refuses by itself.
  public static Problem refused(int status, String title) {
    return of(status, "refused", title, title);
  }

  public Answer answer() {
    return answer(_ -> {});
  }

  /// @param members adds what there is to say besides (RFC 9457 section 3.2)
  public Answer answer(Consumer<ObjectNode> members) {
    var json = Json.object();
    json.put("type", TYPE + code);
    json.put("title", title);
    json.put("status", status);
    json.put("detail", detail);
    if (!errors.isEmpty()) {
      var list = json.putArray("errors");
      for (var error : errors) {
        list.addObject().put("pointer", error.pointer()).put("detail", error.detail());
      }
    }
    members.accept(json);
    return new Answer(status, MEDIA_TYPE, Json.bytes(json), headers);
  }
}

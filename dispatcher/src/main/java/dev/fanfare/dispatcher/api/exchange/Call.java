package dev.fanfare.dispatcher.api.exchange;

import dev.fanfare.dispatcher.access.Caller;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// One request as a resource sees it.
///
/// @param method in capitals
/// @param path as sent, undecoded, without the query
/// @param variables what stands in the path for `{…}`, decoded
/// @param query decoded
/// @param headers names in lower case; several fields of one name joined by commas
/// @param body the content, not read yet
/// @param caller who calls; only the server says so
public record Call(
    String method,
    String path,
    Map<String, String> variables,
    Map<String, List<String>> query,
    Map<String, String> headers,
    Body body,
    Caller caller) {

  /// The content of a request, which can be had once.
  @FunctionalInterface
  public interface Body {
    /// All of it. Throws [ApiProblem] 413 when it is longer than a request may be.
    byte[] get();

    /// As it comes, however long it is. Reading throws [ApiProblem] when it is longer than a stream
    /// may be.
    ///
    /// @param held how many bytes the reader will hold at the same time
    /// @throws ApiProblem 503 if too much is held already
    default InputStream open(int held) {
      return new ByteArrayInputStream(get());
    }
  }

  /// For a route that was found, by a caller that was let in.
  public Call with(Map<String, String> pathVariables, Caller admitted) {
    return new Call(method, path, pathVariables, query, headers, body, admitted);
  }

  /// The tenant that a list is narrowed to: the caller's own, else the one that the parameter
  /// `tenant` names; empty for all. Nothing of a foreign tenant is there for the caller.
  ///
  /// @throws ApiProblem 404 if the caller is bound to another tenant than it asks for
  public Optional<String> tenant() {
    var asked = parameter("tenant");
    if (asked.isPresent() && !caller.sees(asked.get())) {
      throw new ApiProblem(Problem.notFound("there is no such tenant"));
    }
    return caller.tenant().or(() -> asked);
  }

  public String variable(String name) {
    var value = variables.get(name);
    if (value == null) {
      throw new IllegalStateException("the route has no {" + name + "}");
    }
    return value;
  }

  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
  }

  /// @throws ApiProblem 400 if it is given twice
  public Optional<String> parameter(String name) {
    var values = query.getOrDefault(name, List.of());
    if (values.size() > 1) {
      throw new ApiProblem(Problem.malformed("the parameter " + name + " is given twice"));
    }
    return values.stream().findFirst();
  }

  /// @throws ApiProblem 400 if there is a parameter that is not among these
  public void allowParameters(String... names) {
    var unknown = new TreeSet<>(query.keySet());
    unknown.removeAll(Set.of(names));
    if (!unknown.isEmpty()) {
      throw new ApiProblem(
          Problem.malformed(
              names.length == 0
                  ? "this address takes no parameters"
                  : "an unknown parameter; known are " + String.join(", ", names)));
    }
  }

  /// The content, which must be JSON by its content type.
  ///
  /// @throws ApiProblem 415 if it says it is anything else, or is compressed
  public byte[] jsonBytes() {
    return bytes(Set.of("application/json"));
  }

  /// The content of a `PATCH`, a merge patch (RFC 7396).
  ///
  /// @throws ApiProblem 415 if it says it is anything else, or is compressed
  public byte[] mergePatchBytes() {
    return bytes(Set.of("application/merge-patch+json", "application/json"));
  }

  /// Content that has been read already and may be left out, if it is JSON by its content type.
  ///
  /// @throws ApiProblem 415 if it says it is anything else, or is compressed
  public byte[] jsonBytes(byte[] read) {
    requireType(Set.of("application/json"));
    return read;
  }

  /// @throws ApiProblem 415 if the content says it is of another kind, or is compressed
  public void requireType(String mediaType) {
    requireType(Set.of(mediaType));
  }

  /// Of the content, in lower case and without parameters; empty when it does not say.
  public String mediaType() {
    return header("content-type").orElse("").toLowerCase(Locale.ROOT).split(";", -1)[0].strip();
  }

  private byte[] bytes(Set<String> mediaTypes) {
    requireType(mediaTypes);
    return body.get();
  }

  private void requireType(Set<String> mediaTypes) {
    var type = header("content-type").orElse("");
    var parts = type.toLowerCase(Locale.ROOT).split(";", -1);
    if (!mediaTypes.contains(mediaType())) {
      throw new ApiProblem(
          Problem.unsupportedMediaType(
              "the content must be sent as "
                  + String.join(" or ", new TreeSet<>(mediaTypes).reversed())));
    }
    for (int i = 1; i < parts.length; i++) {
      var part = parts[i].replace("\"", "").strip();
      if (part.startsWith("charset=") && !part.equals("charset=utf-8")) {
        throw new ApiProblem(Problem.unsupportedMediaType("the charset must be UTF-8"));
      }
    }
    if (!header("content-encoding").orElse("identity").equalsIgnoreCase("identity")) {
      throw new ApiProblem(Problem.encoded());
    }
  }
}

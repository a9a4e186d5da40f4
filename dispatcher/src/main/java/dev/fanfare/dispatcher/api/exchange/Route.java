package dev.fanfare.dispatcher.api.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One line of the API: a method and a path, who may use it, and what answers.
///
/// @param method in capitals
/// @param path with `{name}` for a segment that varies
public record Route(String method, String path, Access access, Handler handler) {
  /// Answers a call, or throws [ApiProblem].
  @FunctionalInterface
  public interface Handler {
    Answer answer(Call call);
  }

  /// The variables of a path that is this route's; empty when it is another's.
  ///
  /// @param rawPath as sent, undecoded
  /// @throws ApiProblem 400 if a segment can't be decoded
  public Optional<Map<String, String>> match(String rawPath) {
    var wanted = segments(path);
    var given = segments(rawPath);
    if (wanted.size() != given.size()) {
      return Optional.empty();
    }
    var variables = new HashMap<String, String>();
    for (int i = 0; i < wanted.size(); i++) {
      var segment = wanted.get(i);
      if (segment.startsWith("{")) {
        if (given.get(i).isEmpty()) {
          return Optional.empty();
        }
        variables.put(segment.substring(1, segment.length() - 1), decoded(given.get(i)));
      } else if (!segment.equals(given.get(i))) {
        return Optional.empty();
      }
    }
    return Optional.of(variables);
  }

  private static List<String> segments(String path) {
    return List.of(path.split("/", -1));
  }

  private static String decoded(String segment) {
    try {
      return URLDecoder.decode(segment.replace("+", "%2B"), UTF_8);
    } catch (IllegalArgumentException e) {
      throw new ApiProblem(Problem.malformed("the address has a broken % escape"));
    }
  }
}

package dev.fanfare.dispatcher.egress;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fanfare.dispatcher.egress.Reply.Answered;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/// A token server's answer (RFC 6749 §5). Decides only, and shows nothing of what it can't use.
///
/// @param token empty if there is none to be used
/// @param lifetime how long the token is good for
/// @param problem why there is none, for people
record TokenAnswer(Optional<String> token, Duration lifetime, String problem) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST_TOKEN = 8192;

  /// When the server does not say (RFC 6749 §5.1 leaves that open).
  private static final Duration USUAL_LIFETIME = Duration.ofMinutes(5);

  private static final Duration LONGEST_LIFETIME = Duration.ofHours(24);
  private static final Set<String> ERRORS =
      Set.of(
          "invalid_request",
          "invalid_client",
          "invalid_grant",
          "unauthorized_client",
          "unsupported_grant_type",
          "invalid_scope");

  static TokenAnswer of(Answered answered) {
    var json = json(answered);
    if (answered.status() != 200) {
      var error = json.path("error").asText("");
      return none(
          "the token server answered "
              + answered.status()
              + (ERRORS.contains(error) ? ": " + error : ""));
    }
    if (!json.path("token_type").asText("").equalsIgnoreCase("bearer")) {
      return none("the token server gave no bearer token");
    }
    var token = json.path("access_token").asText("");
    if (!isToken(token)) {
      return none("the token server gave a token that can't be sent");
    }
    return new TokenAnswer(Optional.of(token), lifetime(json.path("expires_in")), "");
  }

  private static TokenAnswer none(String problem) {
    return new TokenAnswer(Optional.empty(), Duration.ZERO, problem);
  }

  private static JsonNode json(Answered answered) {
    try {
      var text = StandardCharsets.UTF_8.decode(answered.body().duplicate()).toString();
      return JSON.readTree(text);
    } catch (IOException e) {
      return JSON.missingNode(); // which has no token
    }
  }

  /// A number, or one in quotes as some servers write it.
  private static Duration lifetime(JsonNode seconds) {
    long given = seconds.asLong(USUAL_LIFETIME.toSeconds());
    return Duration.ofSeconds(Math.clamp(given, 0, LONGEST_LIFETIME.toSeconds()));
  }

  /// What a header field can carry and nothing else sends: RFC 6750 §2.1.
  private static boolean isToken(String text) {
    return !text.isEmpty()
        && text.length() <= LONGEST_TOKEN
        && text.chars().allMatch(c -> c > 0x20 && c < 0x7f);
  }

  @Override
  public String toString() {
    return token.isPresent() ? "a token for " + lifetime : problem;
  }
}

package dev.fanfare.dispatcher.egress.credential;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;

/// User name and password (RFC 7617), in UTF-8.
///
/// @param username without a colon
public record BasicCredential(String username, String password) implements Credential {
  /// @throws IllegalArgumentException if RFC 7617 can't carry them; the message repeats neither
  public BasicCredential {
    if (username.indexOf(':') >= 0) {
      throw new IllegalArgumentException("a user name has no colon");
    }
    if (!isText(username) || !isText(password)) {
      throw new IllegalArgumentException("user name and password have no control characters");
    }
  }

  private static boolean isText(String text) {
    return text.length() <= LONGEST_TEXT && text.chars().noneMatch(Character::isISOControl);
  }

  /// The value of `Authorization`.
  public String authorization() {
    return of(username, password);
  }

  static String of(String user, String password) {
    return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));
  }

  @Override
  public String toString() {
    return "basic authentication";
  }
}

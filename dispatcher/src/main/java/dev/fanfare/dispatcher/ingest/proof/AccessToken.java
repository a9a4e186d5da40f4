package dev.fanfare.dispatcher.ingest.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Pattern;

/// For providers that sign nothing: a token that they send along, as a bearer or as the password of
/// basic authentication (user name as you like), which can stand in the address that they are
/// given.
public final class AccessToken {
  private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]{16,256}");

  private final byte[] digest;

  /// @throws IllegalArgumentException if it is too short to be one
  public AccessToken(String token) {
    if (!TOKEN.matcher(token).matches()) {
      throw new IllegalArgumentException(
          "a token has 16 to 256 visible ASCII characters without spaces");
    }
    digest = sha256(token);
  }

  /// @param authorization value of `Authorization`; empty when there was none
  public Proof check(String authorization) {
    var given = token(authorization);
    return given.isEmpty()
        ? new Proof.Forged("no token")
        : Proof.of(MessageDigest.isEqual(digest, sha256(given)), "another token");
  }

  private static String token(String authorization) {
    if (authorization.regionMatches(true, 0, "bearer ", 0, 7)) {
      return authorization.substring(7).strip();
    }
    if (authorization.regionMatches(true, 0, "basic ", 0, 6)) {
      try {
        var pair =
            new String(Base64.getDecoder().decode(authorization.substring(6).strip()), UTF_8);
        return pair.substring(pair.indexOf(':') + 1);
      } catch (IllegalArgumentException e) {
        return ""; // not base64, so no password
      }
    }
    return "";
  }

  private static byte[] sha256(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}

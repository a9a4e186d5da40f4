package dev.fanfare.dispatcher.egress.credential;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URLEncoder;
import java.util.Optional;

/// A client's credentials for a token server (OAuth 2.0 client credentials grant, RFC 6749 §4.4).
///
/// @param tokenUrl where access tokens are had
/// @param scope what is asked for; empty for what the server thinks fit
/// @param audience whom the token is for, which some servers want to know; empty for none
public record ClientGrant(
    URI tokenUrl,
    String clientId,
    String clientSecret,
    Optional<String> scope,
    Optional<String> audience)
    implements Credential {
  /// How the client proves itself to the token server: RFC 6749 §2.3.1, which every server
  /// understands.
  public String authorization() {
    return BasicCredential.of(encoded(clientId), encoded(clientSecret));
  }

  /// The body of the request for a token, `application/x-www-form-urlencoded`.
  public String form() {
    var form = new StringBuilder("grant_type=client_credentials");
    scope.ifPresent(wanted -> form.append("&scope=").append(encoded(wanted)));
    audience.ifPresent(whom -> form.append("&audience=").append(encoded(whom)));
    return form.toString();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }

  @Override
  public String toString() {
    return "OAuth 2.0 client credentials";
  }
}

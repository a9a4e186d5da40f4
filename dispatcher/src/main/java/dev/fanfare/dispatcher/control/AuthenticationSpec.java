package dev.fanfare.dispatcher.control;

import java.util.Optional;

/// What a subscription's POSTs are to show to its endpoint besides their signature, as its owner
/// describes it. Nothing is checked here. `toString` shows the type.
///
/// @param type `basic`, `oauth2` or `mtls`
/// @param secret the password, the client's secret or the private key; empty where it is not given,
///   and always in what is shown
/// @param username for `basic`
/// @param tokenUrl for `oauth2`, as the next three
/// @param certificate in PEM, for `mtls`
public record AuthenticationSpec(
    String type,
    Optional<String> secret,
    Optional<String> username,
    Optional<String> tokenUrl,
    Optional<String> clientId,
    Optional<String> scope,
    Optional<String> audience,
    Optional<String> certificate) {
  @Override
  public String toString() {
    return "authentication by " + type;
  }
}

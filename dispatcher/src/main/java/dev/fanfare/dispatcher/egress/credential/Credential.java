package dev.fanfare.dispatcher.egress.credential;

import java.util.Locale;

/// What a subscription's POSTs show to its endpoint, besides their signature.
///
/// | type | shown |
/// |---|---|
/// | [BasicCredential] | `Authorization: Basic …` (RFC 7617) |
/// | [ClientGrant] | `Authorization: Bearer …`, with a token from the endpoint's token server |
/// | [ClientCertificate] | a certificate, during the TLS handshake |
public sealed interface Credential permits BasicCredential, ClientGrant, ClientCertificate {
  /// Longest user name, password, client id or client secret.
  int LONGEST_TEXT = 1024;

  /// Whether it takes the header field for itself, so that a subscription may not set it; the name
  /// in any case.
  default boolean sets(String header) {
    return !(this instanceof ClientCertificate)
        && header.toLowerCase(Locale.ROOT).equals("authorization");
  }
}

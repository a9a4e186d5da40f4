package dev.fanfare.dispatcher.subscription.reading;

import static dev.fanfare.dispatcher.subscription.reading.Problems.below;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fanfare.dispatcher.egress.credential.BasicCredential;
import dev.fanfare.dispatcher.egress.credential.ClientCertificate;
import dev.fanfare.dispatcher.egress.credential.ClientGrant;
import dev.fanfare.dispatcher.egress.credential.Credential;
import dev.fanfare.dispatcher.egress.credential.Pem;
import dev.fanfare.schemas.avro.Authentication;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads what a subscription's POSTs show to its endpoint besides their signature. No problem
/// repeats anything of a secret.
final class AuthenticationReader {
  private static final String POINTER = "/authentication";
  private static final String CERTIFICATE = "certificate";

  /// What the secret is called in JSON, by type.
  private static final Map<String, String> SECRETS =
      Map.of("basic", "password", "oauth2", "client_secret", "mtls", "private_key");

  private AuthenticationReader() {}

  /// Empty without authentication, or when there is a problem, which then has been added.
  ///
  /// @param headers the subscription's own
  static Optional<Credential> credential(
      @Nullable Authentication stored,
      Map<String, String> headers,
      boolean plainHttpAllowed,
      Problems problems) {
    if (stored == null) {
      return Optional.empty();
    }
    var secretName = SECRETS.get(stored.getType());
    if (secretName == null) {
      problems.add(below(POINTER, "type"), "must be basic, oauth2 or mtls");
      return Optional.empty();
    }
    var secret = secret(stored, below(POINTER, secretName), problems);
    Optional<? extends Credential> credential =
        switch (secretName) {
          case "password" -> basic(stored, secret, problems);
          case "client_secret" -> grant(stored, secret, plainHttpAllowed, problems);
          default -> certificate(stored, secret, problems);
        };
    credential.ifPresent(it ->
        problems.require(
            headers.keySet().stream().noneMatch(it::sets),
            "/headers",
            "header 'authorization' is set by authentication"));
    return credential.map(Function.identity());
  }

  private static Optional<String> secret(Authentication stored, String pointer, Problems problems) {
    boolean good =
        problems.require(stored.getKeyId() == null, pointer, "is sealed, and could not be opened");
    good &= problems.require(stored.getSecret().hasRemaining(), pointer, "is required");
    return good ? Optional.of(text(stored.getSecret())) : Optional.empty();
  }

  private static String text(ByteBuffer secret) {
    return UTF_8.decode(secret.duplicate()).toString();
  }

  private static Optional<BasicCredential> basic(
      Authentication stored, Optional<String> password, Problems problems) {
    var username = given(stored.getUsername(), "username", problems);
    boolean good = username.isPresent() && password.isPresent();
    good &= fits(password, "password", problems);
    if (!good) {
      return Optional.empty();
    }
    try {
      return Optional.of(new BasicCredential(username.get(), password.get()));
    } catch (IllegalArgumentException e) {
      problems.add(below(POINTER, "username"), String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private static Optional<ClientGrant> grant(
      Authentication stored, Optional<String> secret, boolean plainHttpAllowed, Problems problems) {
    var clientId = given(stored.getClientId(), "client_id", problems);
    var pointer = below(POINTER, "token_url");
    var text = stored.getTokenUrl();
    var url =
        problems.require(text != null && !text.isEmpty(), pointer, "is required")
            ? EndpointReader.url(String.valueOf(text), pointer, plainHttpAllowed, problems)
            : Optional.<URI>empty();
    var scope = Optional.ofNullable(stored.getScope());
    var audience = Optional.ofNullable(stored.getAudience());
    boolean good = fits(secret, "client_secret", problems);
    good &= fits(scope, "scope", problems);
    good &= fits(audience, "audience", problems);
    return good && clientId.isPresent() && secret.isPresent() && url.isPresent()
        ? Optional.of(new ClientGrant(url.get(), clientId.get(), secret.get(), scope, audience))
        : Optional.empty();
  }

  private static Optional<ClientCertificate> certificate(
      Authentication stored, Optional<String> key, Problems problems) {
    var text = stored.getCertificate();
    if (!problems.require(
        text != null && !text.isEmpty(), below(POINTER, CERTIFICATE), "is required")) {
      return Optional.empty();
    }
    var chain = parsed(String.valueOf(text), CERTIFICATE, Pem::certificates, problems);
    var read = key.flatMap(pem -> parsed(pem, "private_key", Pem::privateKey, problems));
    if (chain.isEmpty() || read.isEmpty()) {
      return Optional.empty();
    }
    return parsed("", "private_key", _ -> new ClientCertificate(chain.get(), read.get()), problems);
  }

  private static <T> Optional<T> parsed(
      String text, String name, Function<String, T> parse, Problems problems) {
    try {
      return Optional.of(parse.apply(text));
    } catch (IllegalArgumentException e) {
      problems.add(below(POINTER, name), String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private static Optional<String> given(@Nullable String text, String name, Problems problems) {
    if (text == null || text.isEmpty()) {
      problems.add(below(POINTER, name), "is required");
      return Optional.empty();
    }
    return fits(Optional.of(text), name, problems) ? Optional.of(text) : Optional.empty();
  }

  private static boolean fits(Optional<String> text, String name, Problems problems) {
    return problems.require(
        text.filter(it -> it.length() > Credential.LONGEST_TEXT).isEmpty(),
        below(POINTER, name),
        "must have at most " + Credential.LONGEST_TEXT + " characters");
  }
}

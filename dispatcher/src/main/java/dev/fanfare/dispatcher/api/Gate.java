package dev.fanfare.dispatcher.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fanfare.dispatcher.api.exchange.ApiProblem;
import dev.fanfare.dispatcher.api.exchange.Call;
import dev.fanfare.dispatcher.api.exchange.Problem;
import dev.fanfare.dispatcher.api.exchange.Route.Access;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/// Lets in who has the key. Keys are compared by their digests, in a time that tells nothing.
final class Gate {
  private static final String SCHEME = "bearer ";

  private final Optional<byte[]> digest;
  private final boolean open;

  Gate(AccessSettings settings) {
    this.digest = settings.apiKey().map(Gate::sha256);
    this.open = settings.open();
  }

  /// @throws ApiProblem 401 without the key; 403 if an open API is reached under a foreign name
  void check(Access access, Call call) {
    if (access == Access.OPEN) {
      return;
    }
    if (open) {
      checkName(call);
      return;
    }
    var header = call.header("authorization").orElse("");
    if (header.isEmpty()) {
      throw new ApiProblem(Problem.unauthorized("send Authorization: Bearer <api key>"));
    }
    boolean bearer = header.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
    var given = sha256(bearer ? header.substring(SCHEME.length()).strip() : "");
    if (!bearer || digest.isEmpty() || !MessageDigest.isEqual(digest.get(), given)) {
      throw new ApiProblem(Problem.unauthorized("the API key is not valid"));
    }
  }

  /// Without keys a page in the developer's browser could reach us through a name that it lets
  /// point to this machine (DNS rebinding).
  private static void checkName(Call call) {
    var host = call.header("host").orElse("").replaceFirst(":\\d+$", "");
    if (!ApiSettings.isLoopback(host)) {
      throw new ApiProblem(
          Problem.forbidden("an API without keys answers to localhost only, not to another name"));
    }
  }

  private static byte[] sha256(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}

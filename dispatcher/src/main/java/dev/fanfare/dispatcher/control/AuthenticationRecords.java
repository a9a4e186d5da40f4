package dev.fanfare.dispatcher.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fanfare.dispatcher.subscription.sealing.SubscriptionSeal;
import dev.fanfare.schemas.avro.Authentication;
import dev.fanfare.schemas.avro.Subscription;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Between the authentication that is asked for and the record that is stored. Decides only. The
/// secret goes in here and comes out nowhere.
final class AuthenticationRecords {
  private AuthenticationRecords() {}

  /// A wish without its secret keeps the stored one only if nothing else about it changes: or
  /// whoever may change a token server's URL could have the client's secret sent to a server of
  /// theirs.
  ///
  /// @param stored what there is; null for a new subscription
  static @Nullable Authentication record(
      Optional<AuthenticationSpec> wanted, @Nullable Authentication stored) {
    if (wanted.isEmpty()) {
      return null;
    }
    var spec = wanted.get();
    if (stored != null && spec.equals(spec(stored))) {
      return stored;
    }
    return Authentication.newBuilder()
        .setType(spec.type())
        .setSecret(ByteBuffer.wrap(spec.secret().orElse("").getBytes(UTF_8)))
        .setUsername(spec.username().orElse(null))
        .setTokenUrl(spec.tokenUrl().orElse(null))
        .setClientId(spec.clientId().orElse(null))
        .setScope(spec.scope().orElse(null))
        .setAudience(spec.audience().orElse(null))
        .setCertificate(spec.certificate().orElse(null))
        .build();
  }

  /// Stored credentials are shown to no other server: or whoever may change a URL could have them
  /// sent to a server of theirs.
  ///
  /// @param wanted what is to be; a secret that is given again may go anywhere
  static List<RequestProblem> movedUnasked(Subscription before, SubscriptionSpec wanted) {
    boolean keeps =
        before.getAuthentication() != null
            && wanted.authentication().filter(it -> it.secret().isEmpty()).isPresent();
    return keeps && !SubscriptionSeal.isSameServer(before.getUrl(), wanted.url())
        ? List.of(
            new RequestProblem(
                "/authentication",
                "was given for another server than the new url's; give it again with its secret,"
                    + " or null"))
        : List.of();
  }

  static AuthenticationSpec spec(Authentication stored) {
    return new AuthenticationSpec(
        stored.getType(),
        Optional.empty(),
        Optional.ofNullable(stored.getUsername()),
        Optional.ofNullable(stored.getTokenUrl()),
        Optional.ofNullable(stored.getClientId()),
        Optional.ofNullable(stored.getScope()),
        Optional.ofNullable(stored.getAudience()),
        Optional.ofNullable(stored.getCertificate()));
  }
}

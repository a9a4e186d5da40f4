package dev.fanfare.dispatcher.subscription.sealing;

import dev.fanfare.dispatcher.sealing.Opening;
import dev.fanfare.dispatcher.sealing.Place;
import dev.fanfare.dispatcher.sealing.Seal;
import dev.fanfare.dispatcher.sealing.Sealed;
import dev.fanfare.dispatcher.subscription.reading.SubscriptionProblem;
import dev.fanfare.schemas.avro.Authentication;
import dev.fanfare.schemas.avro.SigningSecret;
import dev.fanfare.schemas.avro.Subscription;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/// Seals what signs for a subscription and what its endpoint wants to see, and opens it again. The
/// rest of the record stays readable. Thread-safe.
///
/// A secret is bound to its tenant, its subscription and its use; credentials besides to the server
/// that they are for: whoever can write to Kafka can't have them sent elsewhere by another URL.
public final class SubscriptionSeal {
  /// Neither seals nor opens.
  public static final SubscriptionSeal NONE = new SubscriptionSeal(Seal.NONE);

  private final Seal seal;

  public SubscriptionSeal(Seal seal) {
    this.seal = seal;
  }

  /// A copy to be written, with everything sealed that could be read. What could not be opened when
  /// it was read stays as it is.
  public Subscription sealed(Subscription readable) {
    return Subscription.newBuilder(readable)
        .setSecrets(readable.getSecrets().stream().map(it -> sealed(readable, it)).toList())
        .setAuthentication(
            Optional.ofNullable(readable.getAuthentication())
                .map(it -> sealed(readable, it))
                .orElse(null))
        .build();
  }

  private SigningSecret sealed(Subscription of, SigningSecret secret) {
    return secret.getKeyId() != null
        ? secret
        : seal.seal(secret.getMaterial(), place(of, secret))
            .map(it ->
                SigningSecret.newBuilder(secret)
                    .setMaterial(it.bytes())
                    .setKeyId(it.keyId())
                    .build())
            .orElse(secret);
  }

  private Authentication sealed(Subscription of, Authentication given) {
    return given.getKeyId() != null
        ? given
        : seal.seal(given.getSecret(), place(of, given))
            .map(it ->
                Authentication.newBuilder(given).setSecret(it.bytes()).setKeyId(it.keyId()).build())
            .orElse(given);
  }

  /// Opens a record that nobody else has seen yet, in place; what can't be opened stays sealed, and
  /// is told.
  public List<SubscriptionProblem> open(Subscription decoded) {
    var problems = new ArrayList<SubscriptionProblem>();
    for (int i = 0; i < decoded.getSecrets().size(); i++) {
      var secret = decoded.getSecrets().get(i);
      var keyId = secret.getKeyId();
      if (keyId != null) {
        switch (opening(keyId, secret.getMaterial(), place(decoded, secret))) {
          case Opening.Opened(ByteBuffer bytes) -> {
            replace(secret, "material", bytes);
            replace(secret, "key_id", null);
          }
          case Opening.Refused(String why) ->
              problems.add(new SubscriptionProblem("/secrets/" + i, why));
        }
      }
    }
    var given = decoded.getAuthentication();
    var keyId = given == null ? null : given.getKeyId();
    if (given != null && keyId != null) {
      switch (opening(keyId, given.getSecret(), place(decoded, given))) {
        case Opening.Opened(ByteBuffer bytes) -> {
          replace(given, "secret", bytes);
          replace(given, "key_id", null);
        }
        case Opening.Refused(String why) ->
            problems.add(new SubscriptionProblem("/authentication", why));
      }
    }
    return problems;
  }

  private static void replace(SpecificRecordBase record, String name, @Nullable Object value) {
    record.put(record.getSchema().getField(name).pos(), value);
  }

  private Opening opening(String keyId, ByteBuffer sealed, Place place) {
    return seal.open(new Sealed(keyId, sealed), place);
  }

  /// Whether a record, as it was read from Kafka, is sealed as it would be if it were written now.
  public boolean isCurrent(Subscription decoded) {
    var given = decoded.getAuthentication();
    return decoded.getSecrets().stream().allMatch(it -> seal.isCurrent(it.getKeyId()))
        && (given == null || seal.isCurrent(given.getKeyId()));
  }

  private static Place place(Subscription of, SigningSecret secret) {
    return Place.of("subscription", of.getTenant(), of.getId(), "secrets", secret.getKind());
  }

  private static Place place(Subscription of, Authentication given) {
    return Place.of(
        "subscription",
        of.getTenant(),
        of.getId(),
        "authentication",
        given.getType(),
        server(of.getUrl()),
        Objects.requireNonNullElse(given.getTokenUrl(), ""));
  }

  /// Whether credentials that are for one URL may be shown at the other without being given again.
  public static boolean isSameServer(String url, String other) {
    return server(url).equals(server(other));
  }

  /// Scheme, host and port; a URL that is none is a server of its own.
  private static String server(String url) {
    try {
      var parsed = URI.create(url);
      return (parsed.getScheme() + "://" + parsed.getRawAuthority()).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      return url; // it is refused where it is read
    }
  }
}

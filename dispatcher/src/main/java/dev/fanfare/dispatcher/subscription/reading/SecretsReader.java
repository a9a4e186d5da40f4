package dev.fanfare.dispatcher.subscription.reading;

import static dev.fanfare.dispatcher.subscription.reading.Problems.below;

import dev.fanfare.dispatcher.egress.signature.Secret;
import dev.fanfare.dispatcher.egress.signature.SigningKeys;
import dev.fanfare.schemas.avro.SigningSecret;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads the live secrets of a subscription. No problem names what a secret holds.
final class SecretsReader {
  static final String HMAC = "hmac";
  static final String ED25519 = "ed25519";
  static final String BOTH = "both";
  private static final String POINTER = "/secrets";

  private SecretsReader() {}

  /// Empty when there is a problem, which then has been added.
  static Optional<SigningKeys> keys(
      String signing, List<SigningSecret> secrets, Instant now, Problems problems) {
    if (!problems.require(
        signing.equals(HMAC) || signing.equals(ED25519) || signing.equals(BOTH),
        "/signing",
        "must be hmac, ed25519 or both")) {
      return Optional.empty();
    }
    var live = new ArrayList<Secret>();
    boolean good = true;
    boolean hmac = false;
    boolean ed25519 = false;
    for (int i = 0; i < secrets.size(); i++) {
      var secret = secrets.get(i);
      if (hasEnded(secret, now) || !isUsed(secret.getKind(), signing)) {
        continue;
      }
      var read = secret(secret, below(POINTER, i), problems);
      good &= read.isPresent();
      hmac |= secret.getKind().equals(HMAC);
      ed25519 |= secret.getKind().equals(ED25519);
      read.ifPresent(live::add);
    }
    good &=
        problems.require(signing.equals(ED25519) || hmac, POINTER, "must hold a live hmac secret");
    good &=
        problems.require(
            signing.equals(HMAC) || ed25519, POINTER, "must hold a live ed25519 key pair");
    good &=
        problems.require(
            live.size() <= SigningKeys.MOST, POINTER, "must be at most " + SigningKeys.MOST);
    return good ? Optional.of(new SigningKeys(live)) : Optional.empty();
  }

  /// When the first of the live secrets ends.
  static Optional<Instant> firstEnd(List<SigningSecret> secrets, Instant now) {
    return secrets.stream()
        .map(SigningSecret::getExpiresAt)
        .filter(end -> end != null && end.isAfter(now))
        .min(Instant::compareTo);
  }

  private static boolean hasEnded(SigningSecret secret, Instant now) {
    return secret.getExpiresAt() != null && !secret.getExpiresAt().isAfter(now);
  }

  /// A kind that nobody knows is read, and found to be a problem.
  private static boolean isUsed(String kind, String signing) {
    return signing.equals(BOTH)
        || kind.equals(signing)
        || !(kind.equals(HMAC) || kind.equals(ED25519));
  }

  private static Optional<Secret> secret(SigningSecret secret, String pointer, Problems problems) {
    if (!problems.require(
        secret.getKeyId() == null, pointer, "is sealed, and could not be opened")) {
      return Optional.empty();
    }
    try {
      return Optional.of(Secret.of(secret.getKind(), secret.getMaterial()));
    } catch (IllegalArgumentException e) {
      problems.add(pointer, String.valueOf(e.getMessage())); // tells kind or length, no bytes
      return Optional.empty();
    }
  }
}

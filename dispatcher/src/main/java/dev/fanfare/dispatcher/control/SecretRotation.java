package dev.fanfare.dispatcher.control;

import dev.fanfare.schemas.avro.SigningSecret;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// New secrets beside the old ones, which go on signing until the overlap is over: a receiver that
/// knows either can check every delivery. Decides only.
final class SecretRotation {
  static final Duration USUAL_OVERLAP = Duration.ofHours(24);
  static final Duration LONGEST_OVERLAP = Duration.ofDays(30);

  private SecretRotation() {}

  /// The secrets after a rotation, the fresh ones first; what has ended is gone.
  ///
  /// @param fresh without an end; those that are replaced are of the same kinds
  /// @param overlap how long what was current until now goes on signing; what was replaced before
  ///   ends when it would have, or then if that is sooner
  static List<SigningSecret> after(
      List<SigningSecret> before, List<SigningSecret> fresh, Duration overlap, Instant now) {
    Set<String> kinds =
        fresh.stream().map(SigningSecret::getKind).collect(Collectors.toUnmodifiableSet());
    var end = now.plus(overlap);
    var all = new ArrayList<>(fresh);
    for (var old : before) {
      var last = kinds.contains(old.getKind()) ? earlier(old.getExpiresAt(), end) : ends(old);
      if (last.isEmpty() || last.get().isAfter(now)) {
        var kept = SigningSecret.newBuilder(old);
        last.ifPresent(kept::setExpiresAt);
        all.add(kept.build());
      }
    }
    return all;
  }

  private static Optional<Instant> ends(SigningSecret secret) {
    return Optional.ofNullable(secret.getExpiresAt());
  }

  private static Optional<Instant> earlier(@Nullable Instant one, Instant other) {
    return Optional.of(one == null || one.isAfter(other) ? other : one);
  }
}

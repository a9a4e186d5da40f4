package dev.fanfare.dispatcher.control;

import dev.fanfare.dispatcher.control.Ownership.Finding;
import dev.fanfare.dispatcher.subscription.reading.ProvenEndpoint;
import dev.fanfare.schemas.avro.Subscription;
import dev.fanfare.schemas.avro.Verification;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// What of a subscription's record says whether its endpoint has shown that it wants deliveries.
/// Decides only.
final class VerificationRecords {
  private VerificationRecords() {}

  /// For what is wished now: as it was if neither the URL nor the method has changed, else to be
  /// shown anew.
  ///
  /// @param before null when the subscription is new
  static @Nullable Verification wished(String method, String url, @Nullable Subscription before) {
    if (method.equals(ProvenEndpoint.NONE)) {
      return null;
    }
    var known = before == null ? null : before.getVerification();
    if (before != null
        && known != null
        && known.getMethod().equals(method)
        && before.getUrl().equals(url)) {
      return known;
    }
    return Verification.newBuilder().setMethod(method).setState(ProvenEndpoint.PENDING).build();
  }

  static Verification found(Verification before, Finding finding, Instant now) {
    var builder = Verification.newBuilder().setMethod(before.getMethod()).setCheckedAt(now);
    return switch (finding) {
      case Finding.Consents(var origin, var rate) ->
          builder
              .setState(ProvenEndpoint.VERIFIED)
              .setOrigin(origin.orElse(null))
              .setAllowedRatePerMinute(rate.isPresent() ? rate.getAsLong() : null)
              .build();
      case Finding.Fails(var why) -> builder.setState(ProvenEndpoint.FAILED).setDetail(why).build();
    };
  }

  static Optional<VerificationView> view(Subscription stored) {
    var verification = stored.getVerification();
    if (verification == null) {
      return Optional.empty();
    }
    var rate = verification.getAllowedRatePerMinute();
    return Optional.of(
        new VerificationView(
            verification.getMethod(),
            verification.getState(),
            Optional.ofNullable(verification.getCheckedAt()),
            Optional.ofNullable(verification.getDetail()),
            rate == null ? OptionalLong.empty() : OptionalLong.of(rate)));
  }

  static String method(Subscription stored) {
    var verification = stored.getVerification();
    return verification == null ? ProvenEndpoint.NONE : verification.getMethod();
  }
}

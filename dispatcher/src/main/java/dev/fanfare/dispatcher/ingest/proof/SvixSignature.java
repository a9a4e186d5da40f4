package dev.fanfare.dispatcher.ingest.proof;

import dev.fanfare.dispatcher.egress.signature.StandardWebhooks;
import dev.fanfare.dispatcher.egress.signature.Verification;
import dev.fanfare.dispatcher.egress.signature.Verifier;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/// What Svix signs for Resend: Standard Webhooks under other header names. Each attempt is signed
/// anew, so the scheme's own five minutes hold.
public final class SvixSignature {
  private final List<Verifier> keys;

  /// @param secret `whsec_…`, as Resend shows it
  /// @throws IllegalArgumentException if it is none
  public SvixSignature(String secret) {
    keys = List.of(Verifier.parse(secret.strip()));
  }

  /// @param id value of `svix-id`; empty when there was none, and so with the others
  public Proof check(String id, String timestamp, String signatures, ByteBuffer body, Instant now) {
    var found =
        StandardWebhooks.verify(
            keys, id, timestamp, signatures, body, now, StandardWebhooks.TOLERANCE);
    return Proof.of(
        found == Verification.VALID,
        "the signature is " + found.name().toLowerCase(Locale.ROOT).replace('_', ' '));
  }
}

package dev.fanfare.dispatcher.ingest.proof;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;

/// SendGrid's signed event webhook: ECDSA over P-256 and SHA-256 of the timestamp and the body as
/// it came, with the verification key that its settings show.
public final class SendGridSignature {
  public static final String SIGNATURE = "x-twilio-email-event-webhook-signature";
  public static final String TIMESTAMP = "x-twilio-email-event-webhook-timestamp";
  private static final String ALGORITHM = "SHA256withECDSA";
  private static final int BITS = 256;

  private final PublicKey key;

  private SendGridSignature(PublicKey key) {
    this.key = key;
  }

  /// @param text base64 of the key as SendGrid shows it
  /// @throws IllegalArgumentException if it is no such key
  public static SendGridSignature of(String text) {
    try {
      var encoded = new X509EncodedKeySpec(Base64.getDecoder().decode(text.strip()));
      if (KeyFactory.getInstance("EC").generatePublic(encoded) instanceof ECPublicKey key
          && key.getParams().getCurve().getField().getFieldSize() == BITS) {
        return new SendGridSignature(key);
      }
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IllegalArgumentException("is not a verification key as SendGrid shows it", e);
    }
    throw new IllegalArgumentException("is not a key on the curve P-256");
  }

  /// @param timestamp value of [#TIMESTAMP]; empty when there was none, and so with the signature
  public Proof check(String timestamp, String signature, ByteBuffer body, Instant now) {
    if (!Freshness.isFresh(timestamp, now)) {
      return new Proof.Forged("no timestamp, or one that is not of today");
    }
    try {
      var claimed = Base64.getDecoder().decode(signature);
      var verification = Signature.getInstance(ALGORITHM);
      verification.initVerify(key);
      verification.update(timestamp.getBytes(US_ASCII));
      verification.update(body.duplicate());
      return Proof.of(verification.verify(claimed), "the signature does not match");
    } catch (SignatureException | IllegalArgumentException e) {
      return new Proof.Forged("no signature");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }
}

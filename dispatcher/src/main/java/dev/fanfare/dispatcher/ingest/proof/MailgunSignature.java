package dev.fanfare.dispatcher.ingest.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Mailgun's signature, which lies in the body and signs a timestamp and a token, not the body. So
/// one who overhears a single request could sign any other with it; what stops that is
/// [TokenMemory]: a token belongs to the body that it came with first.
public final class MailgunSignature {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int LONGEST_TOKEN = 256;

  private final SecretKeySpec key;
  private final TokenMemory tokens = new TokenMemory(Freshness.span());

  /// @param signingKey the account's HTTP webhook signing key
  /// @throws IllegalArgumentException if it is too short to be one
  public MailgunSignature(String signingKey) {
    if (signingKey.length() < 16) {
      throw new IllegalArgumentException("a signing key of Mailgun has 16 or more characters");
    }
    key = new SecretKeySpec(signingKey.getBytes(UTF_8), ALGORITHM);
  }

  public Proof check(JsonNode document, ByteBuffer body, Instant now) {
    var signature = document.path("signature");
    var timestamp = signature.path("timestamp").asText("");
    var token = signature.path("token").asText("");
    if (!Freshness.isFresh(timestamp, now) || token.isEmpty() || token.length() > LONGEST_TOKEN) {
      return new Proof.Forged("no timestamp and token, or not of today");
    }
    var expected = HexFormat.of().formatHex(mac(timestamp + token)).getBytes(UTF_8);
    var given = signature.path("signature").asText("").getBytes(UTF_8);
    if (!MessageDigest.isEqual(expected, given)) {
      return new Proof.Forged("the signature does not match");
    }
    return Proof.of(tokens.belongs(token, body, now), "its token came with another body before");
  }

  private byte[] mac(String text) {
    try {
      var mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac.doFinal(text.getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }
}

package dev.fanfare.dispatcher.egress.credential;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// Reads certificates and keys in the text form of RFC 7468. No message repeats what it read.
public final class Pem {
  /// Longest text of a chain or a key.
  public static final int LONGEST = 32 * 1024;

  private static final int MOST_CERTIFICATES = 10;
  private static final String CERTIFICATE = "CERTIFICATE";
  private static final String KEY = "PRIVATE KEY";
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

  private Pem() {}

  /// @throws IllegalArgumentException if there is none, or one can't be read
  public static List<X509Certificate> certificates(String text) {
    var blocks = blocks(text, CERTIFICATE);
    if (blocks.isEmpty() || blocks.size() > MOST_CERTIFICATES) {
      throw new IllegalArgumentException(
          "must be 1 to " + MOST_CERTIFICATES + " certificates in PEM, the client's own first");
    }
    var certificates = new ArrayList<X509Certificate>();
    for (var block : blocks) {
      try {
        certificates.add(
            (X509Certificate)
                CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(block)));
      } catch (CertificateException e) {
        throw new IllegalArgumentException("holds a certificate that can't be read", e);
      }
    }
    return List.copyOf(certificates);
  }

  /// @throws IllegalArgumentException if it is no private key in PKCS #8, unencrypted
  public static PrivateKey privateKey(String text) {
    var blocks = blocks(text, KEY);
    if (blocks.size() != 1) {
      throw new IllegalArgumentException(
          "must be one unencrypted private key in PEM, PKCS #8 (BEGIN PRIVATE KEY);"
              + " openssl pkcs8 -topk8 -nocrypt converts others");
    }
    for (var algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm)
            .generatePrivate(new PKCS8EncodedKeySpec(blocks.getFirst()));
      } catch (GeneralSecurityException _) {
        // Of another algorithm.
      }
    }
    throw new IllegalArgumentException("must be a private key for RSA, EC or EdDSA");
  }

  private static List<byte[]> blocks(String text, String label) {
    if (text.length() > LONGEST) {
      throw new IllegalArgumentException("must have at most " + LONGEST + " characters");
    }
    var begin = "-----BEGIN " + label + "-----";
    var end = "-----END " + label + "-----";
    var blocks = new ArrayList<byte[]>();
    for (int at = text.indexOf(begin); at >= 0; at = text.indexOf(begin, at)) {
      int last = text.indexOf(end, at);
      if (last < 0) {
        throw new IllegalArgumentException("has a block in PEM that does not end");
      }
      var lines = text.substring(at + begin.length(), last).replaceAll("\\s", "");
      try {
        blocks.add(Base64.getDecoder().decode(lines));
      } catch (IllegalArgumentException _) {
        // Its message would repeat a piece of a key.
        throw new IllegalArgumentException("has a block in PEM that is no Base64");
      }
      at = last;
    }
    return blocks;
  }
}

package dev.fanfare.dispatcher.egress.credential;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A certificate and its private key, shown during the TLS handshake to whoever asks (mTLS).
/// Immutable.
public final class ClientCertificate implements Credential {
  private static final byte[] PROBE = new byte[32];

  private final List<X509Certificate> chain;
  private final PrivateKey key;

  /// @param chain the client's own certificate first
  /// @throws IllegalArgumentException if the key is not that of the first certificate
  public ClientCertificate(List<X509Certificate> chain, PrivateKey key) {
    this.chain = List.copyOf(chain);
    this.key = key;
    if (!belongTogether(this.chain.getFirst(), key)) {
      throw new IllegalArgumentException("is not the key of the first certificate");
    }
  }

  public List<X509Certificate> chain() {
    return chain;
  }

  public PrivateKey key() {
    return key;
  }

  private static boolean belongTogether(X509Certificate certificate, PrivateKey key) {
    if (key instanceof RSAPrivateKey own
        && certificate.getPublicKey() instanceof RSAPublicKey its) {
      return own.getModulus().equals(its.getModulus());
    }
    try {
      var algorithm = signature(key);
      if (algorithm.isEmpty()) {
        return false;
      }
      var signer = Signature.getInstance(algorithm.get());
      signer.initSign(key);
      signer.update(PROBE);
      var signature = signer.sign();
      var verifier = Signature.getInstance(algorithm.get());
      verifier.initVerify(certificate.getPublicKey());
      verifier.update(PROBE);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      return false; // of another algorithm, or no key at all
    }
  }

  private static Optional<String> signature(PrivateKey key) {
    return switch (key.getAlgorithm()) {
      case "EC" -> Optional.of("SHA256withECDSA");
      case "EdDSA" -> Optional.of("EdDSA");
      default -> Optional.empty();
    };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof ClientCertificate that
            && chain.equals(that.chain)
            && MessageDigest.isEqual(key.getEncoded(), that.key.getEncoded()));
  }

  @Override
  public int hashCode() {
    return chain.hashCode();
  }

  @Override
  public String toString() {
    return "client certificate";
  }
}

package dev.fanfare.testkit.receiver;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/// A self-signed certificate for `localhost` and 127.0.0.1, made on the spot: nobody trusts it but
/// who is handed [#trust].
///
/// The platform has no way to make one, so its few fields are written in DER here (RFC 5280 §4.1).
public final class TestCertificate {
  private static final Duration A_DAY = Duration.ofDays(1);
  private static final char[] NO_PASSWORD = {};
  private static final DateTimeFormatter GENERALIZED =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final byte[] ECDSA_SHA256 =
      Der.sequence(Der.oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2));
  private static final byte[] COMMON_NAME = Der.oid(0x55, 4, 3);
  private static final byte[] ALTERNATIVE_NAME = Der.oid(0x55, 0x1d, 0x11);
  private static final byte[] LOOPBACK = {127, 0, 0, 1};

  private final KeyPair keys;
  private final X509Certificate certificate;

  private TestCertificate(String host, boolean withLoopback, Instant since, Instant until) {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      keys = generator.generateKeyPair();
      var content = content(host, withLoopback, since, until);
      var signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(keys.getPrivate());
      signature.update(content);
      var der = Der.sequence(content, ECDSA_SHA256, Der.bits(signature.sign()));
      certificate =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(der));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has EC keys and X.509", e);
    }
  }

  /// Valid now, for `localhost` and 127.0.0.1.
  public static TestCertificate forLoopback() {
    return valid("localhost", true);
  }

  /// Valid now, for that name only.
  public static TestCertificate forHost(String host) {
    return valid(host, false);
  }

  /// For `localhost` and 127.0.0.1, until yesterday.
  public static TestCertificate expired() {
    var now = Instant.now();
    return new TestCertificate(
        "localhost", true, now.minus(A_DAY.multipliedBy(2)), now.minus(A_DAY));
  }

  private static TestCertificate valid(String host, boolean withLoopback) {
    var now = Instant.now();
    return new TestCertificate(host, withLoopback, now.minus(A_DAY), now.plus(A_DAY));
  }

  public X509Certificate certificate() {
    return certificate;
  }

  /// In the text form of RFC 7468.
  public String pem() {
    try {
      return pem("CERTIFICATE", certificate.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Its key in that form, PKCS #8.
  public String privateKeyPem() {
    return pem("PRIVATE KEY", keys.getPrivate().getEncoded());
  }

  private static String pem(String label, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(label, Base64.getMimeEncoder().encodeToString(der), label);
  }

  /// For a server that shows this certificate.
  public SSLContext serverContext() {
    return serverContext(null);
  }

  /// The same, that trusts whom it is told to.
  SSLContext serverContext(X509TrustManager @Nullable [] clients) {
    try {
      var store = emptyStore();
      store.setKeyEntry("key", keys.getPrivate(), NO_PASSWORD, new Certificate[] {certificate});
      var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(store, NO_PASSWORD);
      var context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), clients, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Trusts this certificate and no other.
  public X509TrustManager trust() {
    return trust(List.of(this));
  }

  /// Trusts these certificates and no others.
  public static X509TrustManager trust(List<TestCertificate> trusted) {
    try {
      var store = emptyStore();
      for (var one : trusted) {
        store.setCertificateEntry("certificate-" + trusted.indexOf(one), one.certificate);
      }
      var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(store);
      return (X509TrustManager) managers.getTrustManagers()[0];
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// For a client that trusts this certificate and no other.
  public SSLContext clientContext() {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(null, new X509TrustManager[] {trust()}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyStore emptyStore() throws GeneralSecurityException {
    var store = KeyStore.getInstance("PKCS12");
    try {
      store.load(null, null);
    } catch (IOException e) {
      throw new IllegalStateException("nothing is read", e);
    }
    return store;
  }

  private byte[] content(String host, boolean withLoopback, Instant since, Instant until) {
    var name =
        Der.sequence(
            Der.tagged(0x31, Der.sequence(COMMON_NAME, Der.tagged(0x0c, host.getBytes(US_ASCII)))));
    var dns = Der.tagged(0x82, host.getBytes(US_ASCII));
    var names = withLoopback ? Der.sequence(dns, Der.tagged(0x87, LOOPBACK)) : Der.sequence(dns);
    var extensions =
        Der.tagged(0xa3, Der.sequence(Der.sequence(ALTERNATIVE_NAME, Der.tagged(0x04, names))));
    var serial = BigInteger.valueOf(until.toEpochMilli()).toByteArray();
    return Der.sequence(
        Der.tagged(0xa0, Der.tagged(0x02, new byte[] {2})),
        Der.tagged(0x02, serial),
        ECDSA_SHA256,
        name,
        Der.sequence(time(since), time(until)),
        name,
        keys.getPublic().getEncoded(),
        extensions);
  }

  private static byte[] time(Instant instant) {
    return Der.tagged(0x18, GENERALIZED.format(instant).getBytes(US_ASCII));
  }
}

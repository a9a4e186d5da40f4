package dev.fanfare.dispatcher.egress;

import dev.fanfare.dispatcher.egress.EgressSettings.Pools;
import dev.fanfare.testkit.receiver.TestCertificate;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.Dns;
import okhttp3.OkHttpClient;

/// Egresses that may call loopback, at a fixed time.
public final class TestEgress {
  static final Instant NOW = Instant.parse("2026-03-01T12:00:00.987Z");
  static final EgressSettings LOOPBACK = EgressSettings.DEFAULT.allowing("127.0.0.0/8");
  static final InetAddress LOCALHOST = InetAddress.getLoopbackAddress();

  private TestEgress() {}

  static EgressSettings with(Pools pools) {
    return new EgressSettings(
        LOOPBACK.connectTimeout(),
        LOOPBACK.readBytes(),
        LOOPBACK.keptBytes(),
        true,
        LOOPBACK.allowedNetworks(),
        pools,
        LOOPBACK.proxy());
  }

  static HttpEgress egress(EgressSettings settings) {
    return egress(settings, InstantSource.fixed(NOW));
  }

  static HttpEgress egress(EgressSettings settings, InstantSource clock) {
    return new HttpEgress(settings, "1.2.3", clock);
  }

  static HttpEgress egress(EgressSettings settings, Dns resolver) {
    return new HttpEgress(
        settings, "1.2.3", InstantSource.fixed(NOW), resolver, UnaryOperator.identity());
  }

  /// For whole workers: at the time that it is, and with connections that are kept for a moment.
  public static HttpEgress trustingAll(List<TestCertificate> certificates) {
    var trust = TestCertificate.trust(certificates);
    return new HttpEgress(
        with(new Pools(1_000, 8, Duration.ofMillis(300))),
        "1.2.3",
        InstantSource.system(),
        Dns.SYSTEM,
        builder -> builder.sslSocketFactory(socketFactory(trust), trust));
  }

  private static SSLSocketFactory socketFactory(X509TrustManager trust) {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(null, new X509TrustManager[] {trust}, null);
      return context.getSocketFactory();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static HttpEgress trusting(TestCertificate certificate) {
    return trusting(certificate, LOOPBACK, _ -> List.of(LOCALHOST));
  }

  static HttpEgress trusting(TestCertificate certificate, EgressSettings settings, Dns resolver) {
    UnaryOperator<OkHttpClient.Builder> tls =
        builder ->
            builder.sslSocketFactory(
                certificate.clientContext().getSocketFactory(), certificate.trust());
    return new HttpEgress(settings, "1.2.3", InstantSource.fixed(NOW), resolver, tls);
  }
}

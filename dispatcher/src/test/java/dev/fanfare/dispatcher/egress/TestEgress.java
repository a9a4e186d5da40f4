package dev.fanfare.dispatcher.egress;

import dev.fanfare.dispatcher.egress.EgressSettings.Pools;
import dev.fanfare.testkit.receiver.TestCertificate;
import java.net.InetAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.UnaryOperator;
import okhttp3.Dns;
import okhttp3.OkHttpClient;

/// Egresses that may call loopback, at a fixed time.
final class TestEgress {
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

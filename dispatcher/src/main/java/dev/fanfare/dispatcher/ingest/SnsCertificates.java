package dev.fanfare.dispatcher.ingest;

import dev.fanfare.dispatcher.egress.Fetch;
import dev.fanfare.dispatcher.egress.Fetch.Got;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;

/// The certificates that SNS signs with, fetched once from addresses that are SNS's own; a few a
/// region and year. Thread-safe.
final class SnsCertificates {
  private static final int MOST_KEPT = 64;
  private static final int MOST_BYTES = 16 << 10;

  /// Whoever posts messages with made-up certificates must not make us fetch without end.
  private static final int MOST_FETCHES = 4;

  private final Fetch fetch;
  private final Semaphore fetches = new Semaphore(MOST_FETCHES);
  private final Map<URI, X509Certificate> kept = new LinkedHashMap<>();

  /// What comes of asking for one.
  sealed interface Found {
    record Certificate(X509Certificate certificate) implements Found {}

    /// Nothing is there, or no certificate.
    record Missing() implements Found {}

    /// It can't be told now.
    record Unavailable(String why) implements Found {}
  }

  SnsCertificates(Fetch fetch) {
    this.fetch = fetch;
  }

  Found find(URI address) {
    synchronized (kept) {
      var known = kept.get(address);
      if (known != null) {
        return new Found.Certificate(known);
      }
    }
    if (!fetches.tryAcquire()) {
      return new Found.Unavailable("too many certificates are being fetched");
    }
    try {
      return fetch(address);
    } finally {
      fetches.release();
    }
  }

  private Found fetch(URI address) {
    return switch (fetch.get(address, MOST_BYTES)) {
      case Got.Content(int status, var pem) when status == 200 -> read(address, pem);
      case Got.Content(int status, _) when status / 100 == 5 ->
          new Found.Unavailable("SNS answers " + status + " when asked for its certificate");
      case Got.Content _ -> new Found.Missing();
      case Got.Failed(var why) ->
          new Found.Unavailable("SNS's certificate can't be fetched: " + why);
    };
  }

  private Found read(URI address, ByteBuffer pem) {
    var bytes = new byte[pem.remaining()];
    pem.duplicate().get(bytes);
    try {
      var factory = CertificateFactory.getInstance("X.509");
      if (factory.generateCertificate(new ByteArrayInputStream(bytes))
          instanceof X509Certificate certificate) {
        keep(address, certificate);
        return new Found.Certificate(certificate);
      }
      return new Found.Missing();
    } catch (CertificateException e) {
      return new Found.Missing(); // what is there is no certificate
    }
  }

  private void keep(URI address, X509Certificate certificate) {
    synchronized (kept) {
      kept.put(address, certificate);
      if (kept.size() > MOST_KEPT) {
        kept.remove(kept.keySet().iterator().next());
      }
    }
  }
}

package dev.fanfare.dispatcher.egress;

import static java.util.Objects.requireNonNull;

import dev.fanfare.dispatcher.egress.credential.ClientCertificate;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509TrustManager;
import okhttp3.OkHttpClient;

/// TLS that shows a certificate of ours. Made once for the connections of an endpoint, so that no
/// session of one endpoint is resumed with the certificate of another.
final class ClientTls {
  private static final char[] NO_PASSWORD = {};

  private ClientTls() {}

  /// Whom the client trusts stays as it is.
  static void show(
      ClientCertificate certificate, OkHttpClient.Builder client, OkHttpClient trusting) {
    var trust = requireNonNull(trusting.x509TrustManager(), "every client of ours has TLS");
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(keys(certificate).getKeyManagers(), new X509TrustManager[] {trust}, null);
      client.sslSocketFactory(context.getSocketFactory(), trust);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("it was read, so it can be shown", e);
    }
  }

  private static KeyManagerFactory keys(ClientCertificate certificate)
      throws GeneralSecurityException {
    var store = KeyStore.getInstance("PKCS12");
    try {
      store.load(null, null);
    } catch (IOException e) {
      throw new IllegalStateException("nothing is read", e);
    }
    store.setKeyEntry(
        "client", certificate.key(), NO_PASSWORD, certificate.chain().toArray(Certificate[]::new));
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, NO_PASSWORD);
    return keys;
  }
}

package dev.fanfare.dispatcher.egress;

import dev.fanfare.dispatcher.egress.credential.ClientCertificate;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.ConnectionPool;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;

/// The connections to one endpoint, by one URL and with one certificate of ours.
final class EndpointPool {
  private final URI uri;
  private final Optional<ClientCertificate> certificate;
  private final HttpUrl url;
  private final List<String> problems;
  private final OkHttpClient client;
  private final ReadAllowance allowance;
  private final AtomicInteger calls = new AtomicInteger();
  private volatile long lastNanos = System.nanoTime();
  private volatile boolean retired;

  EndpointPool(
      URI uri,
      Optional<ClientCertificate> certificate,
      HttpUrl url,
      List<String> problems,
      OkHttpClient client,
      ReadAllowance allowance) {
    this.uri = uri;
    this.certificate = certificate;
    this.url = url;
    this.problems = problems;
    this.client = client;
    this.allowance = allowance;
  }

  boolean isFor(URI otherUri, Optional<ClientCertificate> otherCertificate) {
    return uri.equals(otherUri) && certificate.equals(otherCertificate);
  }

  HttpUrl url() {
    return url;
  }

  /// Why the URL may not be called; if there is a reason, nothing else here is to be used.
  List<String> problems() {
    return problems;
  }

  OkHttpClient client() {
    return client;
  }

  ReadAllowance allowance() {
    return allowance;
  }

  ConnectionPool connections() {
    return client.connectionPool();
  }

  void enter() {
    allowance.grant(calls.incrementAndGet());
    lastNanos = System.nanoTime();
  }

  void leave() {
    if (calls.decrementAndGet() == 0 && retired) {
      connections().evictAll();
    }
  }

  /// Its connections are closed as soon as no call uses them.
  void retire() {
    retired = true;
    connections().evictAll();
  }

  boolean isIdle() {
    return calls.get() == 0;
  }

  long idleNanos(long nowNanos) {
    return nowNanos - lastNanos;
  }
}

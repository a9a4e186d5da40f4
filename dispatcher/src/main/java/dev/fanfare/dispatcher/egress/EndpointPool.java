package dev.fanfare.dispatcher.egress;

import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.ConnectionPool;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;

/// The connections to one endpoint, and its URL read once.
final class EndpointPool {
  private final URI uri;
  private final HttpUrl url;
  private final List<String> problems;
  private final OkHttpClient client;
  private final AtomicInteger calls = new AtomicInteger();
  private volatile long lastNanos = System.nanoTime();
  private volatile boolean retired;

  EndpointPool(URI uri, HttpUrl url, List<String> problems, OkHttpClient client) {
    this.uri = uri;
    this.url = url;
    this.problems = problems;
    this.client = client;
  }

  boolean isFor(URI other) {
    return uri.equals(other);
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

  ConnectionPool connections() {
    return client.connectionPool();
  }

  void enter() {
    calls.incrementAndGet();
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

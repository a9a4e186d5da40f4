package dev.fanfare.dispatcher.egress;

import static java.util.Objects.requireNonNull;

import dev.fanfare.dispatcher.egress.guard.AddressPolicy;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/// A small pool of connections for each endpoint, bounded in number. Pools share the settings and
/// the TLS machinery of one client and nothing that a call would wait for. Thread-safe.
final class EndpointPools {
  private static final HttpUrl NOWHERE = HttpUrl.get("https://invalid/");
  private static final long FORGET_NANOS = Duration.ofSeconds(60).toNanos();

  private final OkHttpClient base;
  private final AddressPolicy policy;
  private final EgressSettings.Pools settings;
  private final ExecutorService unused;
  private final ConcurrentMap<String, EndpointPool> pools = new ConcurrentHashMap<>();

  EndpointPools(OkHttpClient base, AddressPolicy policy, EgressSettings.Pools settings) {
    this.base = base;
    this.policy = policy;
    this.settings = settings;
    unused = base.dispatcher().executorService();
  }

  /// The endpoint's pool, entered: the caller leaves it. A changed URL makes a new one.
  EndpointPool enter(String endpoint, URI uri) {
    var known = pools.get(endpoint);
    if (known != null && known.isFor(uri)) {
      known.enter();
      return known;
    }
    var pool = requireNonNull(pools.compute(endpoint, (_, now) -> current(now, uri)));
    pool.enter();
    makeRoom();
    return pool;
  }

  /// Closes the endpoint's connections when their calls end; the next call makes new ones.
  void retire(String endpoint, EndpointPool pool) {
    if (pools.remove(endpoint, pool)) {
      pool.retire();
    }
  }

  /// Drops pools unused for long, so that the table is no larger than the traffic.
  void forgetIdle() {
    long now = System.nanoTime();
    pools.forEach((endpoint, pool) -> {
      if (pool.isIdle() && pool.idleNanos(now) > FORGET_NANOS) {
        retire(endpoint, pool);
      }
    });
  }

  int size() {
    return pools.size();
  }

  int connections() {
    return pools.values().stream().mapToInt(pool -> pool.connections().connectionCount()).sum();
  }

  void close() {
    pools.forEach(this::retire);
  }

  private EndpointPool current(@Nullable EndpointPool now, URI uri) {
    if (now != null && now.isFor(uri)) {
      return now;
    }
    if (now != null) {
      now.retire();
    }
    return open(uri);
  }

  private EndpointPool open(URI uri) {
    var problems = policy.checkUrl(uri.toString());
    var url = HttpUrl.parse(uri.toString());
    if (url == null && problems.isEmpty()) {
      problems = List.of("url is not well formed");
    }
    var connections =
        new ConnectionPool(
            settings.idleConnections(), settings.idle().toNanos(), TimeUnit.NANOSECONDS);
    // A dispatcher of its own, too: it searches its running calls from front to back, under a lock.
    var client =
        base.newBuilder().connectionPool(connections).dispatcher(new Dispatcher(unused)).build();
    return new EndpointPool(uri, url == null ? NOWHERE : url, problems, client);
  }

  private void makeRoom() {
    if (pools.size() <= settings.most()) {
      return;
    }
    long now = System.nanoTime();
    pools.entrySet().stream()
        .max((a, b) -> Long.compare(a.getValue().idleNanos(now), b.getValue().idleNanos(now)))
        .ifPresent(oldest -> retire(oldest.getKey(), oldest.getValue()));
  }
}

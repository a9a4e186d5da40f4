package dev.fanfare.dispatcher.egress;

import static java.util.Objects.requireNonNull;

import dev.fanfare.dispatcher.egress.credential.ClientCertificate;
import dev.fanfare.dispatcher.egress.guard.AddressPolicy;
import dev.fanfare.dispatcher.egress.guard.GuardedSocketFactory;
import dev.fanfare.dispatcher.egress.guard.Tunnel;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
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
  private final Optional<Tunnel> tunnel;
  private final long mostBytes;
  private final ExecutorService unused;
  private final AtomicBoolean makingRoom = new AtomicBoolean();
  private final ConcurrentMap<String, EndpointPool> pools = new ConcurrentHashMap<>();

  /// @param mostBytes that the answer to one call may have, all told
  EndpointPools(
      OkHttpClient base,
      AddressPolicy policy,
      EgressSettings.Pools settings,
      Optional<Tunnel> tunnel,
      long mostBytes) {
    this.base = base;
    this.policy = policy;
    this.settings = settings;
    this.tunnel = tunnel;
    this.mostBytes = mostBytes;
    unused = base.dispatcher().executorService();
  }

  /// The endpoint's pool, entered: the caller leaves it. A changed URL or certificate makes a new
  /// one.
  EndpointPool enter(String endpoint, URI uri, Optional<ClientCertificate> certificate) {
    var known = pools.get(endpoint);
    if (known != null && known.isFor(uri, certificate)) {
      known.enter();
      return known;
    }
    var pool = requireNonNull(pools.compute(endpoint, (_, now) -> current(now, uri, certificate)));
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

  private EndpointPool current(
      @Nullable EndpointPool now, URI uri, Optional<ClientCertificate> certificate) {
    if (now != null && now.isFor(uri, certificate)) {
      return now;
    }
    if (now != null) {
      now.retire();
    }
    return open(uri, certificate);
  }

  private EndpointPool open(URI uri, Optional<ClientCertificate> certificate) {
    var problems = policy.checkUrl(uri.toString());
    var url = HttpUrl.parse(uri.toString());
    if (url == null && problems.isEmpty()) {
      problems = List.of("url is not well formed");
    }
    var connections =
        new ConnectionPool(
            settings.idleConnections(), settings.idle().toNanos(), TimeUnit.NANOSECONDS);
    var allowance = new ReadAllowance(mostBytes);
    // A dispatcher of its own, too: it searches its running calls from front to back, under a lock.
    var client =
        base.newBuilder()
            .connectionPool(connections)
            .dispatcher(new Dispatcher(unused))
            .socketFactory(new GuardedSocketFactory(policy, tunnel.orElse(null), allowance));
    certificate.ifPresent(shown -> ClientTls.show(shown, client, base));
    return new EndpointPool(
        uri, certificate, url == null ? NOWHERE : url, problems, client.build(), allowance);
  }

  /// Drops those unused for longest, some at a time, because to find them all are looked at. One
  /// thread does it; what others add meanwhile it sees when it is done.
  private void makeRoom() {
    while (pools.size() > settings.most() && makingRoom.compareAndSet(false, true)) {
      try {
        retireOldest(pools.size() - settings.most() + settings.most() / 16);
      } finally {
        makingRoom.set(false);
      }
    }
  }

  private void retireOldest(int surplus) {
    long now = System.nanoTime();
    var order = new ArrayList<Aged>(pools.size());
    pools.forEach((endpoint, pool) -> order.add(new Aged(endpoint, pool, pool.idleNanos(now))));
    order.sort(Comparator.comparingLong(Aged::idleNanos).reversed());
    order.stream().limit(surplus).forEach(aged -> retire(aged.endpoint, aged.pool));
  }

  private record Aged(String endpoint, EndpointPool pool, long idleNanos) {}
}

package dev.fanfare.dispatcher.egress.guard;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import okhttp3.Dns;

/// A resolver that returns only addresses the policy allows; asked whenever a connection is to be
/// made, so a name that has come to point inside is refused then.
///
/// The platform's resolver cannot be interrupted and may take half a minute over a name whose name
/// servers hang. So it runs on threads of its own, at most [#THREADS], one per name at a time, and
/// the caller waits no longer than its call may take. Thread-safe.
public final class GuardedDns implements Dns, AutoCloseable {
  private static final int THREADS = 256;
  private static final int IDLE_SECONDS = 10;
  private static final int MOST_ADDRESSES = 16;

  private final AddressPolicy policy;
  private final Dns upstream;
  private final LongSupplier nanosLeft;
  private final ConcurrentMap<String, FutureTask<List<InetAddress>>> lookups =
      new ConcurrentHashMap<>();
  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          0,
          THREADS,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          Thread.ofPlatform().daemon().name("egress-dns-", 0).factory());

  /// @param nanosLeft how long the calling thread's call may still take
  public GuardedDns(AddressPolicy policy, Dns upstream, LongSupplier nanosLeft) {
    this.policy = policy;
    this.upstream = upstream;
    this.nanosLeft = nanosLeft;
  }

  /// @throws BlockedAddress if the name has addresses and the policy refuses all of them
  /// @throws UnknownHostException if it has none, or they were not found in time
  @Override
  public List<InetAddress> lookup(String hostname) throws UnknownHostException {
    var permitted = new ArrayList<InetAddress>();
    Optional<BlockedAddress> blocked = Optional.empty();
    for (var address : resolve(hostname)) {
      var refusal = policy.refusal(address);
      if (refusal.isEmpty()) {
        permitted.add(address);
      } else if (blocked.isEmpty()) {
        blocked = Optional.of(new BlockedAddress(address, refusal.get()));
      }
    }
    if (permitted.isEmpty()) {
      throw blocked.isPresent() ? blocked.get() : new UnknownHostException("no address");
    }
    return permitted.subList(0, Math.min(permitted.size(), MOST_ADDRESSES));
  }

  /// Addresses that nobody has vetted, on the same threads and within the same bounds: for the
  /// operator's own proxy.
  public List<InetAddress> resolve(String hostname) throws UnknownHostException {
    var mine = new FutureTask<>(() -> lookUp(hostname));
    var running = lookups.putIfAbsent(hostname, mine);
    if (running == null) {
      start(hostname, mine);
    }
    try {
      return (running == null ? mine : running).get(nanosLeft.getAsLong(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw failure(e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException | CancellationException e) {
      throw failure(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // Whoever called reads it there.
      throw failure(e);
    }
  }

  /// Off the list before anybody has the answer: a later attempt never gets an earlier one's.
  private List<InetAddress> lookUp(String hostname) throws UnknownHostException {
    try {
      return upstream.lookup(hostname);
    } finally {
      lookups.remove(hostname);
    }
  }

  private void start(String hostname, FutureTask<List<InetAddress>> lookup)
      throws UnknownHostException {
    try {
      threads.execute(lookup);
    } catch (RejectedExecutionException e) {
      lookups.remove(hostname, lookup);
      lookup.cancel(false);
      throw failure(e);
    }
  }

  private static UnknownHostException failure(Throwable cause) {
    var failure = new UnknownHostException("not resolved");
    failure.initCause(cause);
    return failure;
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}

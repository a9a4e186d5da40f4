package dev.fanfare.sandbox.system;

import dev.fanfare.sandbox.demo.ApiClient;
import dev.fanfare.testkit.receiver.Answer;
import dev.fanfare.testkit.receiver.Received;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Phaser;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A platform that sends so many events a second, all the time, and a receiver that notes how long
/// each took to come. The platform sends through one dispatcher until it is told another.
final class SteadyTraffic implements AutoCloseable {
  private static final int EVENTS = 10;
  private static final Duration EVERY = Duration.ofMillis(50);

  private final String tenant;
  private final Map<String, Long> sent = new ConcurrentHashMap<>();
  private final Arrivals arrivals = new Arrivals();
  private final ConcurrentLinkedQueue<Long> tookNanos = new ConcurrentLinkedQueue<>();
  private final Phaser batches = new Phaser(1); // a phase is one batch
  private final Thread thread;
  private volatile Customer customer;
  private volatile boolean ended;
  private volatile @Nullable IOException failure;

  private SteadyTraffic(ApiClient through, String tenant) {
    this.tenant = tenant;
    this.customer = new Customer(through, tenant);
    this.thread = Thread.ofPlatform().name("steady-traffic").unstarted(this::run);
  }

  static SteadyTraffic start(ApiClient through, String tenant) {
    var traffic = new SteadyTraffic(through, tenant);
    traffic.thread.start();
    return traffic;
  }

  private void run() {
    long next = System.nanoTime();
    while (!ended) {
      var ids = new ArrayList<String>();
      for (int i = 0; i < EVENTS; i++) {
        ids.add("evt_" + batches.getPhase() + "_" + i);
      }
      long now = System.nanoTime();
      ids.forEach(id -> sent.put(id, now));
      try {
        customer.send("email.delivered", ids);
      } catch (IOException e) {
        failure = e;
        return;
      } finally {
        var _ = batches.arrive();
      }
      next += EVERY.toNanos();
      LockSupport.parkNanos(next - System.nanoTime());
    }
  }

  /// Returns when nothing is sent through another any more.
  void through(ApiClient other) {
    customer = new Customer(other, tenant);
    var phase = batches.getPhase();
    while (batches.getPhase() < phase + 2 && thread.isAlive()) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  /// What the receiver answers.
  Answer take(Received request) {
    long now = System.nanoTime();
    var at = sent.get(Customer.header(request, "webhook-id"));
    if (at != null) {
      tookNanos.add(now - at);
    }
    return arrivals.take(request);
  }

  Arrivals arrivals() {
    return arrivals;
  }

  int events() {
    return sent.size();
  }

  /// How long each took that has come since it was last asked, in nanoseconds.
  List<Long> took() {
    var all = new ArrayList<Long>();
    for (var each = tookNanos.poll(); each != null; each = tookNanos.poll()) {
      all.add(each);
    }
    return all;
  }

  /// @param p99 of the time from before the request of an event until its POST, in milliseconds
  record Spread(int number, long p50, long p99, long longest) {
    static Spread of(List<Long> nanos) {
      var sorted = nanos.stream().sorted().toList();
      return new Spread(sorted.size(), at(sorted, 50), at(sorted, 99), at(sorted, 100));
    }

    private static long at(List<Long> sorted, int percent) {
      int index = Math.min(sorted.size() - 1, sorted.size() * percent / 100);
      return index < 0 ? 0 : sorted.get(index) / 1_000_000;
    }

    @Override
    public String toString() {
      return "%d deliveries, p50 %d ms, p99 %d ms, longest %d ms"
          .formatted(number, p50, p99, longest);
    }
  }

  /// Sends nothing more.
  ///
  /// @throws IOException if the API refused an event
  void end() throws IOException, InterruptedException {
    ended = true;
    thread.join();
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public void close() {
    ended = true;
  }
}

package dev.fanfare.bench.scenario;

import dev.fanfare.bench.rig.CpuTime;
import dev.fanfare.bench.rig.DispatcherProcess;
import dev.fanfare.bench.rig.Machine;
import dev.fanfare.bench.rig.Scrape;
import dev.fanfare.bench.traffic.Customers;
import dev.fanfare.bench.traffic.Mailing;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Dispatchers at work on one stage, seen through their metrics.
///
/// @param logs whether they keep the delivery log
/// @param cpu of all processes that have a part in it
record Pipe(List<DispatcherProcess> dispatchers, Mailing mailing, boolean logs, CpuTime cpu) {
  private static final long LOOK_MS = 500;
  private static final long LOOK_CLOSELY_MS = 50;
  private static final double NEARLY = 0.97;
  private static final Duration LONGEST = Duration.ofMinutes(5);

  /// What came of a burst.
  ///
  /// @param others outcomes other than delivered: attempts that failed, deliveries put off
  /// @param residentKib the most memory of the dispatchers that lay in RAM
  record Passed(
      long deliveries, Duration took, Map<String, Duration> cpu, long others, long residentKib) {
    double perSecond() {
      return deliveries / (took.toNanos() / 1e9);
    }
  }

  /// Lets events go that lie prepared in Kafka, and returns when each delivery is acknowledged by
  /// its receiver, settled in Kafka and, where there is a log, in the log.
  Passed burst(Customers customers, long deliveries) {
    long events = Math.max(1, deliveries / customers.fanout());
    long wanted = events * customers.fanout();
    mailing.prepare(events, customers::tenant);
    var before = scrape();
    var cpuBefore = cpu.now();
    long began = mailing.release();
    long most = 0;
    while (true) {
      var now = scrape();
      long at = System.nanoTime();
      most = Math.max(most, residentKib());
      if (isThrough(before, now, wanted)) {
        return new Passed(
            wanted,
            Duration.ofNanos(at - began),
            cpu.since(cpuBefore),
            Math.round(others(now) - others(before)),
            most);
      }
      if (at - began > LONGEST.toNanos()) {
        throw new IllegalStateException(
            "%.0f of %d deliveries within %d s"
                .formatted(delivered(now) - delivered(before), wanted, LONGEST.toSeconds()));
      }
      boolean nearly = delivered(now) - delivered(before) >= NEARLY * wanted;
      pause(nearly ? LOOK_CLOSELY_MS : LOOK_MS);
    }
  }

  private Scrape scrape() {
    return Scrape.of(dispatchers.toArray(DispatcherProcess[]::new));
  }

  private long residentKib() {
    return dispatchers.stream().mapToLong(it -> Machine.residentKib(it.pid()).orElse(0)).sum();
  }

  private boolean isThrough(Scrape before, Scrape now, long wanted) {
    return delivered(now) - delivered(before) >= wanted
        && now.sum("fanfare_memory_held_bytes")
            == 0 // what is settled is let go of, and nothing else
        && (!logs || logged(now) - logged(before) >= wanted);
  }

  static double delivered(Scrape scrape) {
    return scrape.sum("fanfare_deliveries_settled_total", "outcome=\"delivered\"");
  }

  private static double others(Scrape scrape) {
    return scrape.sum("fanfare_deliveries_settled_total") - delivered(scrape);
  }

  private static double logged(Scrape scrape) {
    return scrape.sum("fanfare_log_records_total", "kind=\"attempt\"");
  }

  static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}

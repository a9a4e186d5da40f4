package dev.fanfare.retry.replay.runner;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// What replays tell about themselves. Thread-safe.
final class ReplayMetrics implements AutoCloseable {
  private final MeterRegistry registry;
  private final AtomicInteger running = new AtomicInteger();
  private final Counter released;
  private final Counter skipped;
  private final Counter failures;
  private final List<Meter> meters;

  ReplayMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.released = counter(registry, ReplayMetric.RELEASED);
    this.skipped = counter(registry, ReplayMetric.SKIPPED);
    this.failures = counter(registry, ReplayMetric.FAILURES);
    var gauge =
        Gauge.builder(ReplayMetric.RUNNING.meter(), running, AtomicInteger::get)
            .description(ReplayMetric.RUNNING.help())
            .register(registry);
    this.meters = List.of(released, skipped, failures, gauge);
  }

  private static Counter counter(MeterRegistry registry, ReplayMetric metric) {
    return Counter.builder(metric.meter()).description(metric.help()).register(registry);
  }

  void moved(int more, int moreSkipped) {
    released.increment(more);
    skipped.increment(moreSkipped);
  }

  void failed() {
    failures.increment();
  }

  void running(int count) {
    running.set(count);
  }

  @Override
  public void close() {
    meters.forEach(registry::remove);
  }
}

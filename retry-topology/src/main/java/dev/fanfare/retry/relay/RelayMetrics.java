package dev.fanfare.retry.relay;

import dev.fanfare.retry.ladder.DelayLadder;
import dev.fanfare.retry.ladder.Rung;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/// What the relay tells about itself, by rung. Consumer lag on a delay topic is never 0 and means
/// nothing; `overdue` is what to watch. It grows between two looks of the relay and also when the
/// relay hangs, because it is computed when it is read.
final class RelayMetrics implements AutoCloseable {
  private static final long NOTHING_DUE = Long.MAX_VALUE;

  private final MeterRegistry registry;
  private final Map<Rung, OfRung> byRung = new HashMap<>();

  RelayMetrics(MeterRegistry registry, DelayLadder ladder, InstantSource clock) {
    this.registry = registry;
    for (var rung : ladder.rungs()) {
      byRung.put(rung, new OfRung(registry, rung.label(), clock));
    }
  }

  void released(Rung from, Duration late) {
    of(from).released.increment();
    of(from).lateness.record(late);
  }

  void descended(Rung from) {
    of(from).descended.increment();
  }

  /// Looks at every line's head.
  void heads(Collection<WaitingLine> lines) {
    var earliest = new HashMap<Rung, Long>();
    for (var line : lines) {
      line.headOpens()
          .ifPresent(opens -> earliest.merge(line.rung(), opens.toEpochMilli(), Math::min));
    }
    byRung.forEach((rung, own) -> own.headOpens.set(earliest.getOrDefault(rung, NOTHING_DUE)));
  }

  /// @param counts estimated number waiting; a rung that is missing has none here
  void waiting(Map<Rung, Long> counts) {
    byRung.forEach((rung, own) -> own.waiting.set(counts.getOrDefault(rung, 0L)));
  }

  private OfRung of(Rung rung) {
    var own = byRung.get(rung);
    if (own == null) {
      throw new IllegalStateException("not on the ladder: " + rung.label());
    }
    return own;
  }

  @Override
  public void close() {
    byRung.values().forEach(own -> own.meters.forEach(registry::remove));
  }

  private static final class OfRung {
    final AtomicLong headOpens = new AtomicLong(NOTHING_DUE);
    final AtomicLong waiting = new AtomicLong();
    final Counter released;
    final Counter descended;
    final Timer lateness;
    final List<Meter> meters;

    OfRung(MeterRegistry registry, String rung, InstantSource clock) {
      released = counter(registry, RelayMetric.RELEASED, rung);
      descended = counter(registry, RelayMetric.DESCENDED, rung);
      lateness =
          Timer.builder(RelayMetric.LATENESS.meter())
              .description(RelayMetric.LATENESS.help())
              .tag("rung", rung)
              .publishPercentileHistogram()
              .minimumExpectedValue(Duration.ofMillis(1))
              .maximumExpectedValue(Duration.ofMinutes(1))
              .register(registry);
      var overdue =
          Gauge.builder(
                  RelayMetric.OVERDUE.meter(), this, own -> own.overdueSeconds(clock.instant()))
              .description(RelayMetric.OVERDUE.help())
              .tag("rung", rung)
              .baseUnit("seconds")
              .register(registry);
      var many =
          Gauge.builder(RelayMetric.WAITING.meter(), waiting, AtomicLong::doubleValue)
              .description(RelayMetric.WAITING.help())
              .tag("rung", rung)
              .register(registry);
      meters = List.of(released, descended, lateness, overdue, many);
    }

    private double overdueSeconds(Instant now) {
      long opens = headOpens.get();
      return opens == NOTHING_DUE ? 0 : Math.max(now.toEpochMilli() - opens, 0) / 1_000.0;
    }

    private static Counter counter(MeterRegistry registry, RelayMetric metric, String rung) {
      return Counter.builder(metric.meter())
          .description(metric.help())
          .tag("rung", rung)
          .register(registry);
    }
  }
}

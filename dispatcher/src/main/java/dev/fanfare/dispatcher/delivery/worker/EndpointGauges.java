package dev.fanfare.dispatcher.delivery.worker;

import dev.fanfare.dispatcher.delivery.lane.LaneCensus;
import dev.fanfare.dispatcher.delivery.lane.LaneState;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// The only series by endpoint: of those that a census names, from when it does until it does not.
/// Gauges and not counters, since a counter that comes and goes can't be counted with.
///
/// To be used by one thread.
final class EndpointGauges {
  private final MeterRegistry registry;
  private final String worker;
  private final Map<String, Shown> shown = new HashMap<>();

  EndpointGauges(MeterRegistry registry, String worker) {
    this.registry = registry;
    this.worker = worker;
  }

  void show(List<LaneCensus.Named> named) {
    var gone = new HashSet<>(shown.keySet());
    for (var each : named) {
      gone.remove(each.subscription());
      shown.computeIfAbsent(each.subscription(), _ -> new Shown(each)).now = each;
    }
    for (var id : gone) {
      var old = shown.remove(id);
      if (old != null) {
        old.meters.forEach(registry::remove);
      }
    }
  }

  private static double breaker(LaneCensus.Named named) {
    return switch (named.state()) {
      case LaneState.BREAKER_OPEN -> 1;
      case LaneState.BREAKER_HALF_OPEN -> 0.5;
      case LaneState.IDLE, LaneState.FLOWING, LaneState.QUEUEING -> 0;
    };
  }

  private final class Shown {
    final List<Meter> meters;
    volatile LaneCensus.Named now;

    Shown(LaneCensus.Named first) {
      now = first;
      meters =
          List.of(
              gauge(WorkerMetric.ENDPOINT_ATTEMPTS, LaneCensus.Named::attemptsPerSecond),
              gauge(WorkerMetric.ENDPOINT_FAILURES, LaneCensus.Named::failuresPerSecond),
              gauge(WorkerMetric.ENDPOINT_WAITING, LaneCensus.Named::waiting),
              gauge(WorkerMetric.ENDPOINT_BREAKER, EndpointGauges::breaker));
    }

    private Gauge gauge(WorkerMetric metric, ToDoubleFunction<LaneCensus.Named> of) {
      return Gauge.builder(metric.meter(), () -> of.applyAsDouble(now))
          .description(metric.help())
          .tag("worker", worker)
          .tag("subscription", now.subscription())
          .register(registry);
    }
  }
}

package dev.fanfare.dispatcher.delivery.worker;

import dev.fanfare.dispatcher.delivery.lane.LaneStep;
import dev.fanfare.dispatcher.delivery.outcome.DisableReason;
import dev.fanfare.dispatcher.delivery.outcome.Outcome;
import dev.fanfare.dispatcher.egress.Reply;
import dev.fanfare.retry.deadletter.DeadLetterReason;
import dev.fanfare.schemas.avro.Delivery;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// What a worker counts. Thread-safe. No series by endpoint: their number is a stranger's choice.
final class WorkerMetrics {
  private static final Duration[] OBJECTIVES = {
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofMillis(2_500),
    Duration.ofSeconds(5),
    Duration.ofSeconds(15),
    Duration.ofSeconds(30)
  };

  private final MeterRegistry registry;
  private final AtomicReference<@Nullable WorkerLoop> watched = new AtomicReference<>();
  private final Counter delivered;
  private final Counter retried;
  private final Counter deferred;
  private final Map<DeadLetterReason, Counter> dead = new EnumMap<>(DeadLetterReason.class);
  private final Map<LaneStep.Reason, Counter> shed = new EnumMap<>(LaneStep.Reason.class);
  private final Map<DisableReason, Counter> disabled = new EnumMap<>(DisableReason.class);
  private final Timer attempt;
  private final Timer firstAttempt;
  private final Counter blocked;
  private final Timer settlement;

  WorkerMetrics(MeterRegistry registry, String worker) {
    this.registry = registry;
    this.delivered = outcome("delivered");
    this.retried = outcome("retry");
    this.deferred = outcome("deferred");
    for (var reason : DeadLetterReason.values()) {
      dead.put(
          reason,
          Counter.builder(WorkerMetric.DEAD.meter())
              .description(WorkerMetric.DEAD.help())
              .tag("reason", reason.code())
              .register(registry));
    }
    for (var reason : LaneStep.Reason.values()) {
      shed.put(
          reason,
          Counter.builder(WorkerMetric.SHED.meter())
              .description(WorkerMetric.SHED.help())
              .tag("reason", reason.code())
              .register(registry));
    }
    for (var reason : DisableReason.values()) {
      disabled.put(
          reason,
          Counter.builder(WorkerMetric.DISABLED.meter())
              .description(WorkerMetric.DISABLED.help())
              .tag("reason", reason.code())
              .register(registry));
    }
    this.attempt = timer(WorkerMetric.ATTEMPT);
    this.firstAttempt = timer(WorkerMetric.FIRST_ATTEMPT);
    this.settlement = timer(WorkerMetric.SETTLEMENT);
    this.blocked =
        Counter.builder(WorkerMetric.BLOCKED.meter())
            .description(WorkerMetric.BLOCKED.help())
            .register(registry);
    gauge(WorkerMetric.IN_FLIGHT, worker, WorkerLoop::inFlight);
    gauge(WorkerMetric.WAITING, worker, WorkerLoop::waiting);
    gauge(WorkerMetric.HELD, worker, WorkerLoop::heldBytes);
  }

  private Counter outcome(String outcome) {
    return Counter.builder(WorkerMetric.SETTLED.meter())
        .description(WorkerMetric.SETTLED.help())
        .tag("outcome", outcome)
        .register(registry);
  }

  private Timer timer(WorkerMetric metric) {
    return Timer.builder(metric.meter())
        .description(metric.help())
        .serviceLevelObjectives(OBJECTIVES)
        .register(registry);
  }

  void attempted(Delivery delivery, Reply reply, Outcome outcome, Instant startedAt, Instant now) {
    attempt.record(Duration.between(startedAt, now));
    if (delivery.getAttempts() == 0 && delivery.getReplayId() == null) {
      firstAttempt.record(Duration.between(delivery.getCreatedAt(), startedAt));
    }
    if (reply instanceof Reply.Blocked) {
      blocked.increment();
    }
    settled(outcome);
  }

  void settledWithoutAttempt(Outcome outcome) {
    settled(outcome);
  }

  private void settled(Outcome outcome) {
    switch (outcome) {
      case Outcome.Delivered _ -> delivered.increment();
      case Outcome.Retry _ -> retried.increment();
      case Outcome.Deferred _ -> deferred.increment();
      case Outcome.Dead(var reason) -> count(dead.get(reason));
    }
  }

  void shed(LaneStep.Reason reason) {
    count(shed.get(reason));
  }

  void disabled(DisableReason reason) {
    count(disabled.get(reason));
  }

  private static void count(@Nullable Counter counter) {
    if (counter == null) {
      throw new IllegalStateException("every reason has a counter");
    }
    counter.increment();
  }

  void committed(Duration took) {
    settlement.record(took);
  }

  /// The loop whose state the gauges show from now on.
  void watch(WorkerLoop loop) {
    watched.set(loop);
  }

  private void gauge(WorkerMetric metric, String worker, ToDoubleFunction<WorkerLoop> of) {
    Gauge.builder(
            metric.meter(),
            () -> {
              var loop = watched.get();
              return loop == null ? 0 : of.applyAsDouble(loop);
            })
        .description(metric.help())
        .tag("worker", worker)
        .register(registry);
  }
}

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
          Counter.builder("fanfare.dead.letters")
              .description("Deliveries that ended without success, by reason")
              .tag("reason", reason.code())
              .register(registry));
    }
    for (var reason : LaneStep.Reason.values()) {
      shed.put(
          reason,
          Counter.builder("fanfare.lane.shed")
              .description(
                  "Deliveries that a lane deferred rather than hold its partition, by reason")
              .tag("reason", reason.code())
              .register(registry));
    }
    for (var reason : DisableReason.values()) {
      disabled.put(
          reason,
          Counter.builder("fanfare.endpoints.disabled")
              .description("Endpoints given up and so disabled, by reason")
              .tag("reason", reason.code())
              .register(registry));
    }
    this.attempt =
        timer("fanfare.attempt", "Time of one POST, from its start to the end of the answer");
    this.firstAttempt =
        timer("fanfare.first.attempt", "Time from fan-out to the start of the first attempt");
    this.settlement =
        timer(
            "fanfare.settlement", "Time of one settlement: outcomes and offsets, one transaction");
    this.blocked =
        Counter.builder("fanfare.egress.blocked")
            .description("POSTs not made because the address is one that is refused")
            .register(registry);
    gauge("fanfare.in.flight", "POSTs in flight", worker, WorkerLoop::inFlight);
    gauge("fanfare.lanes.waiting", "Deliveries that wait in memory", worker, WorkerLoop::waiting);
    gauge("fanfare.memory.held.bytes", "Memory held", worker, WorkerLoop::heldBytes);
  }

  private Counter outcome(String outcome) {
    return Counter.builder("fanfare.deliveries.settled")
        .description("Outcomes settled, by outcome; dead ones are counted by reason as well")
        .tag("outcome", outcome)
        .register(registry);
  }

  private Timer timer(String name, String description) {
    return Timer.builder(name)
        .description(description)
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

  private void gauge(
      String name, String description, String worker, ToDoubleFunction<WorkerLoop> of) {
    Gauge.builder(
            name,
            () -> {
              var loop = watched.get();
              return loop == null ? 0 : of.applyAsDouble(loop);
            })
        .description(description)
        .tag("worker", worker)
        .register(registry);
  }
}

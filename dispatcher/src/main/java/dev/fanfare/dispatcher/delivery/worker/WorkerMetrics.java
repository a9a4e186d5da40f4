package dev.fanfare.dispatcher.delivery.worker;

import dev.fanfare.dispatcher.delivery.lane.LaneCensus;
import dev.fanfare.dispatcher.delivery.lane.LaneState;
import dev.fanfare.dispatcher.delivery.lane.LaneStep;
import dev.fanfare.dispatcher.delivery.outcome.DisableReason;
import dev.fanfare.dispatcher.delivery.outcome.Outcome;
import dev.fanfare.dispatcher.egress.Reply;
import dev.fanfare.dispatcher.telemetry.Trace;
import dev.fanfare.retry.deadletter.DeadLetterReason;
import dev.fanfare.schemas.avro.Delivery;
import dev.fanfare.schemas.catalogue.EventCatalogue;
import dev.fanfare.schemas.catalogue.EventType;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a worker counts. Thread-safe. Series by endpoint are few ([EndpointGauges]): the number of
/// endpoints is a stranger's choice. Every counter is there from the start, so that an increase
/// from nothing is seen as one.
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

  private static final String DELIVERED = "delivered";
  private static final String RETRIED = "retry";
  private static final String DEFERRED = "deferred";
  private static final String DIED = "dead";

  /// A type that a newer version has made deliveries of.
  private static final String OTHER = "other";

  private static final long SHOW_EVERY_NANOS = Duration.ofSeconds(1).toNanos();

  private final MeterRegistry registry;
  private final AtomicReference<@Nullable WorkerLoop> watched = new AtomicReference<>();
  private final Map<String, Map<String, Counter>> settled = new HashMap<>();
  private final Map<DeadLetterReason, Counter> dead = new EnumMap<>(DeadLetterReason.class);
  private final Map<LaneStep.Reason, Counter> shed = new EnumMap<>(LaneStep.Reason.class);
  private final Map<DisableReason, Counter> disabled = new EnumMap<>(DisableReason.class);
  private final Timer attempt;
  private final Timer firstAttempt;
  private final Counter blocked;
  private final Timer settlement;
  private final DistributionSummary settledRecords;
  private final EndpointGauges endpoints;
  private long shownAtNanos = System.nanoTime();
  private volatile LaneCensus census = LaneCensus.EMPTY;

  WorkerMetrics(MeterRegistry registry, String worker) {
    this.registry = registry;
    this.endpoints = new EndpointGauges(registry, worker);
    for (var outcome : List.of(DELIVERED, RETRIED, DEFERRED, DIED)) {
      settled.put(outcome, byType(outcome));
    }
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
    this.settledRecords =
        DistributionSummary.builder(WorkerMetric.SETTLED_RECORDS.meter())
            .description(WorkerMetric.SETTLED_RECORDS.help())
            .serviceLevelObjectives(1, 10, 100, 1_000, 10_000)
            .register(registry);
    this.blocked =
        Counter.builder(WorkerMetric.BLOCKED.meter())
            .description(WorkerMetric.BLOCKED.help())
            .register(registry);
    for (var state : LaneState.values()) {
      Gauge.builder(WorkerMetric.LANES.meter(), () -> census.states().getOrDefault(state, 0))
          .description(WorkerMetric.LANES.help())
          .tag("worker", worker)
          .tag("state", state.code())
          .register(registry);
    }
    gauge(WorkerMetric.IN_FLIGHT, worker, WorkerLoop::inFlight);
    gauge(WorkerMetric.WAITING, worker, WorkerLoop::waiting);
    gauge(WorkerMetric.HELD, worker, WorkerLoop::heldBytes);
  }

  private Map<String, Counter> byType(String outcome) {
    var types = EventCatalogue.standard().types().stream().map(EventType::name);
    return Stream.concat(types, Stream.of(OTHER))
        .collect(
            Collectors.toUnmodifiableMap(
                type -> type,
                type ->
                    Counter.builder(WorkerMetric.SETTLED.meter())
                        .description(WorkerMetric.SETTLED.help())
                        .tag("outcome", outcome)
                        .tag("type", type)
                        .register(registry)));
  }

  private Timer timer(WorkerMetric metric) {
    return Timer.builder(metric.meter())
        .description(metric.help())
        .serviceLevelObjectives(OBJECTIVES)
        .register(registry);
  }

  void attempted(Received received, Reply reply, Outcome outcome, Instant startedAt, Instant now) {
    var delivery = received.delivery();
    Trace.during(
        delivery.getTraceparent(),
        () -> {
          attempt.record(Duration.between(startedAt, now));
          if (delivery.getAttempts() == 0 && delivery.getReplayId() == null) {
            firstAttempt.record(Duration.between(received.since(), startedAt));
          }
          settled(delivery, outcome);
        });
    if (reply instanceof Reply.Blocked) {
      blocked.increment();
    }
  }

  void settledWithoutAttempt(Delivery delivery, Outcome outcome) {
    settled(delivery, outcome);
  }

  private void settled(Delivery delivery, Outcome outcome) {
    var type = delivery.getType();
    switch (outcome) {
      case Outcome.Delivered _ -> count(DELIVERED, type);
      case Outcome.Retry _ -> count(RETRIED, type);
      case Outcome.Deferred _ -> count(DEFERRED, type);
      case Outcome.Dead(var reason) -> {
        count(DIED, type);
        count(dead.get(reason));
      }
    }
  }

  private void count(String outcome, String type) {
    var byType = settled.getOrDefault(outcome, Map.of());
    var known = byType.get(type);
    count(known == null ? byType.get(OTHER) : known);
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

  void committed(int records, Duration took) {
    settlement.record(took);
    settledRecords.record(records);
  }

  /// The census of the last second. Of the loop, which does no more than leave it here.
  void counted(LaneCensus taken) {
    census = taken;
  }

  /// Shows which endpoints are worth naming now; called often, does it once a second. Of the pump:
  /// it may wait for the registry's lock, the loop may not.
  void showEndpoints() {
    long now = System.nanoTime();
    if (now - shownAtNanos >= SHOW_EVERY_NANOS) {
      shownAtNanos = now;
      endpoints.show(census.named());
    }
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

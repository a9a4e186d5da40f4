package dev.fanfare.dispatcher.fanout;

import dev.fanfare.dispatcher.subscription.expression.Expression;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/// What fan-out shows of itself. What an aborted transaction did is counted too, and once more when
/// it is done again. Thread-safe.
final class FanoutMetrics {
  /// Names and help of fan-out's metrics.
  enum Metric {
    EVENTS("fanfare.events", "Events taken in, the rejected included."),
    DELIVERIES("fanfare.deliveries.made", "Deliveries made of events."),
    SUPPRESSED(
        "fanfare.events.suppressed", "Events that came again within the window, and made nothing."),
    REJECTED("fanfare.rejected", "Events put on the rejected topic, by reason."),
    FILTER_FAILURES(
        "fanfare.filter.failures",
        "Times that a filter's expression failed on an event, which then did not match it."),
    TIME("fanfare.fanout.event", "Time to make one event's deliveries."),
    FAILURES("fanfare.fanout.failures", "Threads of fan-out that failed and were replaced."),
    RUNNING("fanfare.fanout.running", "1 while fan-out processes events, 0 while it does not.");

    private final String meter;
    private final String help;

    Metric(String meter, String help) {
      this.meter = meter;
      this.help = help;
    }

    String meter() {
      return meter;
    }

    String help() {
      return help;
    }
  }

  private static final String REASON = "reason";

  private final MeterRegistry meters;
  private final Counter events;
  private final Counter deliveries;
  private final Counter suppressed;
  private final Counter failures;
  private final Timer time;

  FanoutMetrics(MeterRegistry meters) {
    this.meters = meters;
    this.events = counter(Metric.EVENTS);
    this.deliveries = counter(Metric.DELIVERIES);
    this.suppressed = counter(Metric.SUPPRESSED);
    this.failures = counter(Metric.FAILURES);
    FunctionCounter.builder(
            Metric.FILTER_FAILURES.meter(), Expression.class, _ -> Expression.failures())
        .description(Metric.FILTER_FAILURES.help())
        .register(meters);
    this.time = Timer.builder(Metric.TIME.meter()).description(Metric.TIME.help()).register(meters);
    Rejection.reasons().forEach(this::rejections);
  }

  private Counter rejections(String reason) {
    return Counter.builder(Metric.REJECTED.meter())
        .description(Metric.REJECTED.help())
        .tag(REASON, reason)
        .register(meters);
  }

  private Counter counter(Metric metric) {
    return Counter.builder(metric.meter()).description(metric.help()).register(meters);
  }

  void fannedOut(int made, Duration took) {
    events.increment();
    deliveries.increment(made);
    time.record(took);
  }

  void suppressed(Duration took) {
    events.increment();
    suppressed.increment();
    time.record(took);
  }

  void rejected(Rejection rejection, Duration took) {
    events.increment();
    time.record(took);
    rejections(rejection.reason()).increment();
  }

  void failed() {
    failures.increment();
  }

  void watch(BooleanSupplier running) {
    Gauge.builder(Metric.RUNNING.meter(), () -> running.getAsBoolean() ? 1 : 0)
        .description(Metric.RUNNING.help())
        .register(meters);
  }
}

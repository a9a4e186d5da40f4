package dev.fanfare.dispatcher.alerting;

import dev.fanfare.dispatcher.log.notify.ChannelKind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.function.Supplier;

/// What alerts show of themselves. Thread-safe.
final class AlertMetrics {
  /// Names and help of the metrics.
  enum Metric {
    FIRING("fanfare.alerts.firing", "Alerts that fire now, as far as this process knows."),
    WATCHING("fanfare.alerts.watching", "1 in the one process that looks at the rules, else 0."),
    AGE(
        "fanfare.alerts.age.seconds",
        "Time since this process last looked at all rules, -1 while it does not."),
    TRANSITIONS("fanfare.alerts.transitions", "Alerts that fired or were over, by state."),
    NOTIFICATIONS(
        "fanfare.alerts.notifications", "What channels were told, by kind and by what came of it.");

    private final String meter;
    private final String help;

    Metric(String meter, String help) {
      this.meter = meter;
      this.help = help;
    }
  }

  private final MeterRegistry meters;

  AlertMetrics(MeterRegistry meters) {
    this.meters = meters;
    for (var state : List.of("fired", "resolved")) {
      transitions(state);
    }
    for (var kind : ChannelKind.values()) {
      for (var state : List.of("sent", "failed")) {
        notifications(kind, state);
      }
    }
  }

  private Counter transitions(String state) {
    return counter(Metric.TRANSITIONS).tag("state", state).register(meters);
  }

  private Counter notifications(ChannelKind kind, String state) {
    return counter(Metric.NOTIFICATIONS)
        .tag("kind", kind.word())
        .tag("state", state)
        .register(meters);
  }

  void watch(Supplier<Number> firing, Supplier<Number> watching, Supplier<Number> age) {
    gauge(Metric.FIRING, firing);
    gauge(Metric.WATCHING, watching);
    gauge(Metric.AGE, age);
  }

  void wrote(String state) {
    transitions(state).increment();
  }

  void told(ChannelKind kind, String state) {
    notifications(kind, state).increment();
  }

  private static Counter.Builder counter(Metric metric) {
    return Counter.builder(metric.meter).description(metric.help);
  }

  private void gauge(Metric metric, Supplier<Number> value) {
    Gauge.builder(metric.meter, value).description(metric.help).register(meters);
  }
}

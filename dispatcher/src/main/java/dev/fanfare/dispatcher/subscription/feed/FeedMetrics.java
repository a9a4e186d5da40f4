package dev.fanfare.dispatcher.subscription.feed;

import dev.fanfare.dispatcher.feed.FeedHealth;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/// What the feed shows of itself.
final class FeedMetrics {
  /// Names and help of the feed's metrics.
  enum Metric {
    SUBSCRIPTIONS("fanfare.subscriptions", "Subscriptions in this process's table."),
    UNUSABLE(
        "fanfare.subscriptions.unusable",
        "Subscriptions that could not be read or understood; their deliveries wait."),
    CONNECTED(
        "fanfare.subscriptions.feed.connected",
        "1 while the cluster answers the feed, 0 while the table may be out of date."),
    BEHIND(
        "fanfare.subscriptions.feed.behind", "Records on the topic that are not in the table yet.");

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

  private FeedMetrics() {}

  static void bind(MeterRegistry meters, Supplier<FeedHealth> health) {
    gauge(meters, Metric.SUBSCRIPTIONS, health, FeedHealth::entries);
    gauge(meters, Metric.UNUSABLE, health, FeedHealth::unusable);
    gauge(meters, Metric.CONNECTED, health, now -> now.connected() ? 1 : 0);
    gauge(meters, Metric.BEHIND, health, FeedHealth::behind);
  }

  private static void gauge(
      MeterRegistry meters,
      Metric metric,
      Supplier<FeedHealth> health,
      ToDoubleFunction<FeedHealth> value) {
    Gauge.builder(metric.meter(), () -> value.applyAsDouble(health.get()))
        .description(metric.help())
        .register(meters);
  }
}

package dev.fanfare.dispatcher.access.feed;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;

/// What the table of keys shows of itself.
final class AccessMetrics {
  /// Names and help of the metrics.
  enum Metric {
    KEYS("fanfare.access.keys", "API keys in this process's table, revoked ones included."),
    TENANTS("fanfare.access.tenants", "Tenants in this process's table."),
    UNUSABLE("fanfare.access.unusable", "Keys and tenants that could not be read."),
    CONNECTED(
        "fanfare.access.feed.connected",
        "1 while the cluster answers the feed, 0 while revocations may not have arrived.");

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

  private AccessMetrics() {}

  static void bind(MeterRegistry meters, AccessFeed feed) {
    gauge(meters, Metric.KEYS, feed, it -> it.keys().size());
    gauge(meters, Metric.TENANTS, feed, it -> it.tenants().size());
    gauge(meters, Metric.UNUSABLE, feed, it -> it.health().unusable());
    gauge(meters, Metric.CONNECTED, feed, it -> it.health().connected() ? 1 : 0);
  }

  private static void gauge(
      MeterRegistry meters, Metric metric, AccessFeed feed, ToDoubleFunction<AccessFeed> value) {
    Gauge.builder(metric.meter(), feed, value).description(metric.help()).register(meters);
  }
}

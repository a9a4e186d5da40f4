package dev.fanfare.dispatcher.ingest;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/// What ingest shows of itself. Thread-safe.
final class IngestMetrics {
  /// Names and help of ingest's metrics.
  enum Metric {
    EVENTS("fanfare.ingest.events", "Events made of providers' reports, by source."),
    SKIPPED("fanfare.ingest.skipped", "Reports of a kind that no event is made of, by source."),
    UNUSABLE(
        "fanfare.ingest.unusable",
        "Reports of a known kind that lack what an event needs, by source."),
    FORGED(
        "fanfare.ingest.forged", "Requests that were not proven to be the provider's, by source.");

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

  private final MeterRegistry meters;

  IngestMetrics(MeterRegistry meters) {
    this.meters = meters;
  }

  /// Shows a source from the start, before anything has come from it.
  void known(String source) {
    for (var metric : Metric.values()) {
      count(metric, source, 0);
    }
  }

  void count(Metric metric, String source, int howMany) {
    Counter.builder(metric.meter())
        .description(metric.help())
        .tag("source", source)
        .register(meters)
        .increment(howMany);
  }
}

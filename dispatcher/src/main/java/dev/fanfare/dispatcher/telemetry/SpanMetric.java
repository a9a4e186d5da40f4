package dev.fanfare.dispatcher.telemetry;

/// Names and help of what is told of spans.
enum SpanMetric {
  EXPORTED("fanfare.spans.exported", "Spans that the collector took."),
  DROPPED("fanfare.spans.dropped", "Spans that it did not take, or not in time.");

  private final String meter;
  private final String help;

  SpanMetric(String meter, String help) {
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

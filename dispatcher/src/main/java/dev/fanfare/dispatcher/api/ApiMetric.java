package dev.fanfare.dispatcher.api;

/// Names and help of the API's metrics.
enum ApiMetric {
  REQUESTS("fanfare.api.requests", "Time of a request, by method, route and status");

  private final String meter;
  private final String help;

  ApiMetric(String meter, String help) {
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

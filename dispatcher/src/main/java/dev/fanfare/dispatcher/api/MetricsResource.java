package dev.fanfare.dispatcher.api;

import dev.fanfare.dispatcher.api.exchange.Answer;
import dev.fanfare.dispatcher.api.exchange.Call;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/// `/metrics`, in Prometheus' text format or, where `Accept` asks for it, as OpenMetrics.
final class MetricsResource {
  private static final String OPEN_METRICS = "application/openmetrics-text";
  private static final String OPEN_METRICS_1 = OPEN_METRICS + "; version=1.0.0; charset=utf-8";
  private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

  private final PrometheusMeterRegistry meters;

  MetricsResource(PrometheusMeterRegistry meters) {
    this.meters = meters;
  }

  Answer scrape(Call call) {
    boolean open = call.header("accept").orElse("").contains(OPEN_METRICS);
    var type = open ? OPEN_METRICS_1 : TEXT;
    return Answer.text(type, meters.scrape(type));
  }
}

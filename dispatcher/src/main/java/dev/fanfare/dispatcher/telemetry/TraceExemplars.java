package dev.fanfare.dispatcher.telemetry;

import io.micrometer.core.instrument.Clock;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.tracer.common.SpanContext;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/// Gives what is measured the id of the trace that it was measured in, where somebody records that
/// trace; shown as exemplars to whoever scrapes OpenMetrics.
public final class TraceExemplars implements SpanContext {
  private static final PrometheusConfig CONFIG =
      new PrometheusConfig() {
        @Override
        public @Nullable String get(String key) {
          return null;
        }

        // Micrometer's own put exemplars on the count of a histogram as well, for which an older
        // Prometheus (2.42) refuses all that it has scraped.
        @Override
        public Properties prometheusProperties() {
          return new Properties();
        }
      };

  private TraceExemplars() {}

  /// A registry whose scrapes have them.
  public static PrometheusMeterRegistry registry() {
    return new PrometheusMeterRegistry(
        CONFIG, new PrometheusRegistry(), Clock.SYSTEM, new TraceExemplars());
  }

  @Override
  public @Nullable String getCurrentTraceId() {
    var trace = Trace.current();
    return trace == null ? null : trace.id();
  }

  @Override
  public @Nullable String getCurrentSpanId() {
    var trace = Trace.current();
    return trace == null ? null : trace.span();
  }

  @Override
  public boolean isCurrentSpanSampled() {
    var trace = Trace.current();
    return trace != null && trace.sampled();
  }

  @Override
  public void markCurrentSpanAsExemplar() {
    // The trace is the producer's, and so is what it says of itself.
  }
}

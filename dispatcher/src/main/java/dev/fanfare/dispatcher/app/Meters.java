package dev.fanfare.dispatcher.app;

import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/// The process's meters, those of the JVM included.
final class Meters implements AutoCloseable {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics garbage = new JvmGcMetrics();

  private Meters() {}

  static Meters start() {
    var meters = new Meters();
    meters.garbage.bindTo(meters.registry);
    new JvmMemoryMetrics().bindTo(meters.registry);
    new JvmThreadMetrics().bindTo(meters.registry);
    new ClassLoaderMetrics().bindTo(meters.registry);
    new ProcessorMetrics().bindTo(meters.registry);
    new UptimeMetrics().bindTo(meters.registry);
    return meters;
  }

  PrometheusMeterRegistry registry() {
    return registry;
  }

  @Override
  public void close() {
    garbage.close();
    registry.close();
  }
}

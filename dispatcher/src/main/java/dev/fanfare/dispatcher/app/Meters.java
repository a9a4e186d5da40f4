package dev.fanfare.dispatcher.app;

import dev.fanfare.dispatcher.config.FanfareConfig;
import dev.fanfare.dispatcher.telemetry.ClientMeters;
import dev.fanfare.dispatcher.telemetry.ClientSeries;
import dev.fanfare.dispatcher.telemetry.TraceExemplars;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/// The process's meters, those of the JVM and of the Kafka clients included.
final class Meters implements AutoCloseable {
  private final PrometheusMeterRegistry registry = TraceExemplars.registry();
  private final ClientSeries clients = new ClientSeries(registry);
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

  /// The same configuration, whose Kafka clients tell these meters what they measure.
  FanfareConfig telling(FanfareConfig config) {
    return config.with(config.kafka().with(ClientMeters.shownBy(clients)));
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

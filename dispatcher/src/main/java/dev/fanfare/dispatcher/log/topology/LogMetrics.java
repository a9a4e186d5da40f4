package dev.fanfare.dispatcher.log.topology;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// What the log shows of itself. Thread-safe.
public final class LogMetrics {
  /// Names and help of the log's metrics.
  enum Metric {
    RECORDS("fanfare.log.records", "Records taken into the log, by what they were."),
    UNREADABLE("fanfare.log.unreadable", "Records that the log passed over."),
    FORGOTTEN("fanfare.log.forgotten", "Deliveries that the log has forgotten."),
    FAILURES("fanfare.log.failures", "Threads of the log that failed and were replaced."),
    RUNNING("fanfare.log.running", "1 while the log takes records in, 0 while it does not."),
    READERS("fanfare.log.stream.readers", "Readers of the live log."),
    MISSED("fanfare.log.stream.missed", "Changes that slow readers of the live log missed."),
    UNACCOUNTED(
        "fanfare.ledger.unaccounted",
        "Open deliveries in this process's partitions that are nowhere; anything but 0 is a loss."),
    LEDGER_AGE(
        "fanfare.ledger.age.seconds", "Time since the ledger was last balanced, -1 if never.");

    private final String meter;
    private final String help;

    Metric(String meter, String help) {
      this.meter = meter;
      this.help = help;
    }
  }

  /// What a record was.
  enum Taken {
    OPENED,
    MOVED,
    ATTEMPT,
    DEAD_LETTER
  }

  private final MeterRegistry meters;
  private final Map<Taken, Counter> taken = new EnumMap<>(Taken.class);
  private final Counter unreadable;
  private final Counter forgotten;
  private final Counter failures;
  private final Counter missed;

  public LogMetrics(MeterRegistry meters) {
    this.meters = meters;
    for (var each : Taken.values()) {
      taken.put(
          each,
          Counter.builder(Metric.RECORDS.meter)
              .description(Metric.RECORDS.help)
              .tag("kind", each.name().toLowerCase(Locale.ROOT))
              .register(meters));
    }
    this.unreadable = counter(Metric.UNREADABLE);
    this.forgotten = counter(Metric.FORGOTTEN);
    this.failures = counter(Metric.FAILURES);
    this.missed = counter(Metric.MISSED);
  }

  private Counter counter(Metric metric) {
    return Counter.builder(metric.meter).description(metric.help).register(meters);
  }

  void took(Taken what) {
    var counter = taken.get(what);
    if (counter != null) {
      counter.increment();
    }
  }

  void unreadable() {
    unreadable.increment();
  }

  void forgot(int number) {
    forgotten.increment(number);
  }

  public void failed() {
    failures.increment();
  }

  public void missed(long number) {
    missed.increment((double) number);
  }

  public void watch(BooleanSupplier running, Supplier<Number> readers) {
    gauge(Metric.RUNNING, () -> running.getAsBoolean() ? 1 : 0);
    gauge(Metric.READERS, readers);
  }

  public void watchLedger(Supplier<Number> unaccounted, Supplier<Number> age) {
    gauge(Metric.UNACCOUNTED, unaccounted);
    gauge(Metric.LEDGER_AGE, age);
  }

  private void gauge(Metric metric, Supplier<Number> value) {
    Gauge.builder(metric.meter, value).description(metric.help).register(meters);
  }
}

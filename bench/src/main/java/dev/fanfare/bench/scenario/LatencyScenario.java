package dev.fanfare.bench.scenario;

import dev.fanfare.bench.load.Payloads;
import dev.fanfare.bench.result.Figures;
import dev.fanfare.bench.result.Plot;
import dev.fanfare.bench.result.Report;
import dev.fanfare.bench.rig.CpuTime;
import dev.fanfare.bench.rig.Rig;
import dev.fanfare.bench.rig.Sink;
import dev.fanfare.bench.traffic.Customers;
import dev.fanfare.bench.traffic.Mailing;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `fanfare bench latency`: from when an event should have been produced until its POST arrives, at
/// several steady paces. Events are due by the clock, whatever became of those before, and a late
/// one counts from when it was due: nothing is omitted because something else was slow.
@Command(
    name = "latency",
    description =
        "From when an event is due to be produced until its POST arrives, at several paces.")
public final class LatencyScenario extends RigScenario {
  private static final int DIGITS = 3;
  private static final Duration STRAGGLERS = Duration.ofSeconds(30);
  private static final double[] SHOWN = {50, 75, 90, 95, 99, 99.5, 99.9};

  @Option(
      names = "--rates",
      split = ",",
      defaultValue = "200,100,1000",
      description = "Events a second, one variant each (default: ${DEFAULT-VALUE}).")
  private List<Integer> rates = List.of();

  @Option(
      names = "--half",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Also half of what is the most with this receiver (default: true).")
  private boolean half;

  @Option(
      names = "--guarantee",
      defaultValue = "exactly_once",
      description = "exactly_once or at_least_once (default: ${DEFAULT-VALUE}).")
  private ThroughputScenario.Guarantee guarantee = ThroughputScenario.Guarantee.EXACTLY_ONCE;

  @Override
  Report measure(Rig rig) throws IOException {
    var sink = rig.sink();
    var words = guarantee.name().toLowerCase(java.util.Locale.ROOT);
    progress("starting a dispatcher, " + words + ", with log");
    var stage =
        rig.stage(
            "latency",
            options().partitions(),
            ThroughputScenario.UNHURRIED + "fanout: {guarantee: " + words + "}\n");
    var dispatcher = stage.launch("latency", options().jvm()).awaitReady();
    var cpu =
        new CpuTime(
            Map.of(
                "dispatcher", dispatcher.pid(),
                "broker", rig.brokerPid(),
                "receiver", sink.pid()));
    var mailing = rig.keep(Mailing.to(stage, new Payloads(options().payload())));
    var customers =
        Customers.subscribe(
            dispatcher, "t", options().endpoints(), 1, i -> sink.at("/ok/" + i), Map.of());
    progress("warming up");
    var pipe = new Pipe(List.of(dispatcher), mailing, true, cpu);
    var burst = pipe.burst(customers, options().deliveries());
    mailing.steadily(rates.getFirst(), options().warmUp(), customers::tenant);
    var all = new ArrayList<>(rates.stream().map(it -> (double) it).toList());
    if (half) {
      burst = pipe.burst(customers, options().deliveries());
      progress("at most %,.0f/s with this receiver".formatted(burst.perSecond()));
      all.add((double) Math.round(burst.perSecond() / 2));
    }
    drain(sink);
    var variants = new ArrayList<Figures>();
    var lines = new LinkedHashMap<String, List<Plot.Point>>();
    var measured = new LinkedHashMap<Double, Paced>();
    for (int repeat = 0; repeat < options().repeats(); repeat++) {
      for (double rate : all) {
        var paced = measured.computeIfAbsent(rate, _ -> new Paced());
        measure(sink, mailing, customers, cpu, rate, paced);
        progress(
            "%,.0f/s: p50 %.1f ms, p99 %.1f ms"
                .formatted(
                    rate,
                    paced.lateness.getValueAtPercentile(50) / 1e3,
                    paced.lateness.getValueAtPercentile(99) / 1e3));
      }
    }
    measured.forEach((rate, paced) -> {
      var name = "%,.0f events/s".formatted(rate);
      variants.add(
          new Figures(name)
              .put("events_per_second", rate)
              .put("deliveries_per_second", paced.arrived / paced.seconds)
              .latency(paced.lateness)
              .cpu(paced.cpu, paced.arrived));
      var line = new ArrayList<Plot.Point>();
      for (var percentile : SHOWN) {
        line.add(
            new Plot.Point(
                100 / (100 - percentile), paced.lateness.getValueAtPercentile(percentile) / 1e3));
      }
      lines.put(name, line);
    });
    var settings = settings();
    settings.put("receiver", sink.name());
    settings.put("guarantee", words);
    settings.put("log", true);
    return new Report(
        "latency",
        machine(),
        settings,
        variants,
        columns(),
        new Plot.Lines(
            "From due to arrived, " + words.replace('_', ' '),
            "ms",
            "all but one of so many are quicker",
            true,
            lines));
  }

  static Map<String, String> columns() {
    var columns = new LinkedHashMap<String, String>();
    columns.put("deliveries_per_second", "deliveries/s");
    for (var each : List.of("p50", "p90", "p99", "p999", "max")) {
      columns.put("latency_ms." + each, each + " ms");
    }
    columns.put("cpu_us_per_delivery", "µs CPU");
    columns.put("cpu_us_per_delivery_by_process.dispatcher", "dispatcher");
    return columns;
  }

  private static final class Paced {
    final Histogram lateness = new Histogram(DIGITS);
    final Map<String, Duration> cpu = new LinkedHashMap<>();
    long arrived;
    double seconds;
  }

  private void measure(
      Sink sink, Mailing mailing, Customers customers, CpuTime cpu, double rate, Paced into) {
    drain(sink);
    var before = cpu.now();
    long began = System.nanoTime();
    long events = mailing.steadily(rate, options().measured(), customers::tenant);
    into.seconds += (System.nanoTime() - began) / 1e9;
    long arrived = 0;
    long deadline = System.nanoTime() + STRAGGLERS.toNanos();
    while (arrived < events) {
      var taken = sink.take();
      into.lateness.add(taken.lateness());
      arrived += taken.first();
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(arrived + " of " + events + " have arrived");
      }
      Pipe.pause(20);
    }
    cpu.since(before).forEach((name, used) -> into.cpu.merge(name, used, Duration::plus));
    into.arrived += arrived;
  }

  /// What comes of before is of before.
  private static void drain(Sink sink) {
    while (sink.take().good() > 0) {
      Pipe.pause(500);
    }
  }
}

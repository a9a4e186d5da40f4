package dev.fanfare.bench.scenario;

import dev.fanfare.bench.load.Payloads;
import dev.fanfare.bench.result.Figures;
import dev.fanfare.bench.result.Plot;
import dev.fanfare.bench.result.Report;
import dev.fanfare.bench.rig.CpuTime;
import dev.fanfare.bench.rig.DispatcherProcess;
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

/// `fanfare bench isolation`: the same load with and without a few endpoints that hang or fail, in
/// turn; what the healthy ones get is compared. Without them their events are produced as well, and
/// nobody wants them.
@Command(
    name = "isolation",
    description =
        "What healthy endpoints get while 1 %% of all hang and 1 %% fail, against the same load"
            + " without those.")
public final class IsolationScenario extends RigScenario {
  private static final Duration STRAGGLERS = Duration.ofSeconds(60);
  private static final int DIGITS = 3;

  @Option(
      names = "--rate",
      defaultValue = "4000",
      description = "Events a second altogether (default: ${DEFAULT-VALUE}).")
  private int rate;

  @Option(
      names = "--sick",
      paramLabel = "PERCENT",
      defaultValue = "1",
      description =
          "How many of the endpoints hang, and how many fail (default: ${DEFAULT-VALUE}).")
  private int percent;

  /// What the healthy ones got.
  private static final class Got {
    final List<Double> perSecond = new ArrayList<>();
    final Histogram lateness = new Histogram(DIGITS);
    long deliveries;
    Map<String, Duration> cpu = Map.of();
    double bad;
    double hung;
  }

  @Override
  Report measure(Rig rig) throws IOException {
    var sink = rig.sink();
    progress("starting a dispatcher");
    var stage = rig.stage("isolation", options().partitions(), "");
    var dispatcher = stage.launch("isolation", options().jvm()).awaitReady();
    var cpu =
        new CpuTime(
            Map.of(
                "dispatcher", dispatcher.pid(),
                "broker", rig.brokerPid(),
                "receiver", sink.pid()));
    var mailing = rig.keep(Mailing.to(stage, new Payloads(options().payload())));
    int sick = Math.max(1, options().endpoints() * percent / 100);
    int healthy = options().endpoints() - 2 * sick;
    Customers.subscribe(dispatcher, "well", healthy, 1, i -> sink.at("/ok/" + i), Map.of());
    progress("warming up");
    mailing.steadily(rate, options().warmUp().multipliedBy(2), n -> "well" + n % healthy);
    var without = new Got();
    var with = new Got();
    for (int repeat = 0; repeat < options().repeats(); repeat++) {
      steady(sink, mailing, cpu, sick, without, false);
      var ids = new ArrayList<String>();
      ids.addAll(subscribe(dispatcher, "hang", sick, sink));
      ids.addAll(subscribe(dispatcher, "fail", sick, sink));
      steady(sink, mailing, cpu, sick, with, true);
      ids.forEach(id -> dispatcher.api().delete("/v1/subscriptions/" + id));
      progress(
          "healthy ones: %,.0f/s without, %,.0f/s with; p99 %.1f ms without, %.1f ms with"
              .formatted(
                  without.perSecond.getLast(),
                  with.perSecond.getLast(),
                  without.lateness.getValueAtPercentile(99) / 1e3,
                  with.lateness.getValueAtPercentile(99) / 1e3));
    }
    return report(sink, sick, without, with);
  }

  private static List<String> subscribe(
      DispatcherProcess dispatcher, String name, int count, Sink sink) {
    return Customers.subscribe(
            dispatcher, name, count, 1, i -> sink.at("/" + name + "/" + i), Map.of())
        .subscriptions();
  }

  /// Everybody's event in turn, the sick ones' among them.
  private String tenant(long n, int sick) {
    long at = n % options().endpoints();
    if (at < sick) {
      return "hang" + at;
    }
    return at < 2L * sick ? "fail" + (at - sick) : "well" + (at - 2L * sick);
  }

  private void steady(
      Sink sink, Mailing mailing, CpuTime cpu, int sick, Got into, boolean disturbed) {
    while (sink.take().good() > 0) {
      Pipe.pause(500);
    }
    var before = cpu.now();
    long began = System.nanoTime();
    long events = mailing.steadily(rate, options().measured(), n -> tenant(n, sick));
    var taken = sink.take();
    double seconds = (System.nanoTime() - began) / 1e9;
    into.cpu = cpu.since(before);
    into.perSecond.add(taken.first() / seconds);
    into.lateness.add(taken.lateness());
    long arrived = taken.first();
    long wanted = events - (events / options().endpoints() + 1) * 2 * sick;
    long deadline = System.nanoTime() + STRAGGLERS.toNanos();
    while (true) {
      into.bad += taken.bad();
      into.hung += taken.hung();
      if (arrived >= wanted && (!disturbed || (into.bad > 0 && into.hung > 0))) {
        break;
      }
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "%d of %d have arrived; the sick were called %.0f times"
                .formatted(arrived, wanted, into.bad + into.hung));
      }
      Pipe.pause(50);
      taken = sink.take();
      arrived += taken.first();
      into.lateness.add(taken.lateness());
    }
    into.deliveries = arrived;
  }

  private Report report(Sink sink, int sick, Got without, Got with) {
    var settings = settings();
    settings.put("receiver", sink.name());
    settings.put("events_per_second", rate);
    settings.put("hanging", sick);
    settings.put("failing", sick);
    double undisturbed = Figures.median(without.perSecond);
    double disturbed = Figures.median(with.perSecond);
    double p99 = without.lateness.getValueAtPercentile(99);
    var figures =
        figures("with sick ones", with)
            .put("limit_per_second", undisturbed)
            .put("ratio_to_limit", disturbed / undisturbed)
            .put("p99_ratio", with.lateness.getValueAtPercentile(99) / p99);
    var columns = new LinkedHashMap<>(LatencyScenario.columns());
    columns.put("ratio_to_limit", "of undisturbed");
    columns.put("p99_ratio", "p99 ratio");
    columns.put("failed", "failed");
    columns.put("hung", "hung");
    return new Report(
        "isolation",
        machine(),
        settings,
        List.of(figures, figures("without", without)),
        columns,
        plot(without, with));
  }

  private static Figures figures(String name, Got got) {
    return new Figures(name)
        .put("deliveries_per_second", got.perSecond)
        .latency(got.lateness)
        .cpu(got.cpu, got.deliveries)
        .put("failed", got.bad)
        .put("hung", got.hung);
  }

  private static Plot plot(Got without, Got with) {
    var bars = new LinkedHashMap<String, Double>();
    for (double percentile : new double[] {50, 90, 99, 99.9}) {
      var name =
          "p" + (percentile == Math.rint(percentile) ? "%.0f" : "%.1f").formatted(percentile);
      bars.put(name + "\nwithout", without.lateness.getValueAtPercentile(percentile) / 1e3);
      bars.put(name + "\nwith", with.lateness.getValueAtPercentile(percentile) / 1e3);
    }
    return new Plot.Bars("Latency of healthy endpoints beside sick ones", "ms", bars);
  }
}

package dev.fanfare.bench.scenario;

import dev.fanfare.bench.load.Payloads;
import dev.fanfare.bench.result.Figures;
import dev.fanfare.bench.result.Plot;
import dev.fanfare.bench.result.Report;
import dev.fanfare.bench.rig.CpuTime;
import dev.fanfare.bench.rig.DispatcherProcess;
import dev.fanfare.bench.rig.Floor;
import dev.fanfare.bench.rig.Receiver;
import dev.fanfare.bench.rig.Recording;
import dev.fanfare.bench.rig.Rig;
import dev.fanfare.bench.traffic.Customers;
import dev.fanfare.bench.traffic.Mailing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `fanfare bench throughput`: a burst of events that lie in Kafka, until each of their deliveries
/// is acknowledged, settled and logged; bursts and floor in turn.
@Command(
    name = "throughput",
    description =
        "Events in Kafka until every POST is acknowledged, settled and logged, against a bare loop"
            + " that only POSTs.")
public final class ThroughputScenario extends RigScenario {
  /// Nothing is put off: all that is measured is to be done now.
  static final String UNHURRIED =
      """
      delivery:
        patience: 10m
        queue: 1000000
      """;

  /// A burst so much faster than the best before it says that the JVMs are not warm yet.
  private static final double NOTABLY = 1.05;

  private static final int MOST_WARM_UPS = 30;
  private static final long FIRST_WARM_UP = 1_000;

  enum Log {
    ON,
    OFF
  }

  enum Guarantee {
    EXACTLY_ONCE,
    AT_LEAST_ONCE
  }

  @Option(
      names = "--fan-out",
      split = ",",
      defaultValue = "1,10",
      description = "Deliveries of one event (default: ${DEFAULT-VALUE}).")
  private List<Integer> fanouts = List.of();

  @Option(
      names = "--log",
      split = ",",
      defaultValue = "on,off",
      description = "With and without the delivery log (default: ${DEFAULT-VALUE}).")
  private List<Log> logs = List.of();

  @Option(
      names = "--guarantee",
      split = ",",
      defaultValue = "exactly_once",
      description = "exactly_once, at_least_once (default: ${DEFAULT-VALUE}).")
  private List<Guarantee> guarantees = List.of();

  @Option(
      names = "--profile",
      paramLabel = "FILE",
      description = "Where to draw on what the first dispatcher spends its time; costs some of it.")
  private @Nullable Path profile;

  /// @param name for the report
  private record Variant(String name, Pipe pipe, Customers customers) {}

  @Override
  Report measure(Rig rig) throws IOException {
    var receiver = rig.receiver(options().nginx());
    var floor = rig.floor(options().jvm());
    var variants = new ArrayList<Variant>();
    for (var guarantee : guarantees) {
      for (var log : logs) {
        variants.addAll(variants(rig, receiver, guarantee, log, variants.isEmpty()));
      }
    }
    for (var variant : variants) {
      warmUp(variant);
    }
    var limits = new ArrayList<Floor.Reached>();
    var passed = new LinkedHashMap<Variant, List<Pipe.Passed>>();
    for (int repeat = 0; repeat < options().repeats(); repeat++) {
      limits.add(limit(floor, receiver));
      for (var variant : variants) {
        var burst = variant.pipe.burst(variant.customers, options().deliveries());
        progress("%s: %,.0f deliveries/s".formatted(variant.name, burst.perSecond()));
        passed.computeIfAbsent(variant, _ -> new ArrayList<>()).add(burst);
      }
    }
    if (profile != null) {
      draw(rig, variants.getFirst().pipe, profile);
    }
    return report(receiver, limits, passed);
  }

  private void draw(Rig rig, Pipe pipe, Path to) throws IOException {
    pipe.dispatchers().forEach(DispatcherProcess::close); // and so it writes its recording
    progress("drawing the profile");
    Files.writeString(to, Recording.flame("The dispatcher's CPU", recording(rig)).svg());
  }

  private static Path recording(Rig rig) {
    return rig.directory().resolve("dispatcher.jfr");
  }

  private List<String> flags(Rig rig, boolean first) {
    return profile != null && first
        ? Stream.concat(options().jvm().stream(), Recording.flags(recording(rig)).stream()).toList()
        : options().jvm();
  }

  private List<Variant> variants(
      Rig rig, Receiver receiver, Guarantee guarantee, Log log, boolean first) throws IOException {
    var words = guarantee.name().toLowerCase(java.util.Locale.ROOT);
    var name = words.replace("_", "") + "-" + log.name().toLowerCase(java.util.Locale.ROOT);
    progress("starting a dispatcher, " + words + ", log " + log);
    var stage =
        rig.stage(
            name,
            options().partitions(),
            UNHURRIED
                + "fanout: {guarantee: "
                + words
                + "}\n"
                + (log == Log.ON ? "" : "roles: [fanout, deliver, retry, api]\n")
                // At-least-once would see what is prepared and not yet released.
                + (guarantee == Guarantee.EXACTLY_ONCE
                    ? ""
                    : "kafka: {streams: {consumer.isolation.level: read_committed}}\n"));
    var dispatcher = stage.launch(name, flags(rig, first)).awaitReady();
    var cpu =
        new CpuTime(
            Map.of(
                "dispatcher", dispatcher.pid(),
                "broker", rig.brokerPid(),
                "receiver", receiver.pid()));
    var mailing = rig.keep(Mailing.to(stage, new Payloads(options().payload())));
    var pipe = new Pipe(List.of(dispatcher), mailing, log == Log.ON, cpu);
    var all = new ArrayList<Variant>();
    for (int fanout : fanouts) {
      var customers =
          Customers.subscribe(
              dispatcher,
              "f" + fanout + "-",
              Math.max(1, options().endpoints() / fanout),
              fanout,
              i -> receiver.at("/ok/" + i),
              Map.of());
      all.add(
          new Variant(
              "fan-out %d, %s, log %s"
                  .formatted(fanout, words.replace('_', ' '), log == Log.ON ? "on" : "off"),
              pipe,
              customers));
    }
    return all;
  }

  private void warmUp(Variant variant) {
    progress("warming up: " + variant.name);
    var spent = Duration.ZERO;
    double best = 0;
    // A cold JVM is not to be flooded: lanes would learn that everything is slow.
    long some = Math.min(FIRST_WARM_UP, options().deliveries());
    for (int i = 0, noFaster = 0; i < MOST_WARM_UPS && noFaster < 2; i++) {
      var burst = variant.pipe.burst(variant.customers, some);
      spent = spent.plus(burst.took());
      boolean faster = burst.perSecond() > best * NOTABLY;
      best = Math.max(best, burst.perSecond());
      boolean enough = some == options().deliveries() && spent.compareTo(options().warmUp()) >= 0;
      noFaster = faster || !enough ? 0 : noFaster + 1;
      some = Math.min(2 * some, options().deliveries());
      progress("  %,d at %,.0f/s".formatted(burst.deliveries(), burst.perSecond()));
    }
  }

  private Floor.Reached limit(Floor floor, Receiver receiver) {
    var reached =
        floor.run(
            receiver.at("/"),
            options().endpoints(),
            options().inFlight(),
            options().payload(),
            options().warmUp(),
            options().measured());
    progress("bare loop: %,.0f POSTs/s".formatted(reached.postsPerSecond()));
    return reached;
  }

  private Report report(
      Receiver receiver, List<Floor.Reached> limits, Map<Variant, List<Pipe.Passed>> passed) {
    var settings = settings();
    settings.put("receiver", receiver.name());
    settings.put("deliveries", options().deliveries());
    settings.put("in_flight_of_limit", options().inFlight());
    var limit = Figures.median(limits.stream().map(Floor.Reached::postsPerSecond).toList());
    settings.put("limit_each", limits.stream().map(it -> Math.round(it.postsPerSecond())).toList());
    var variants = new ArrayList<Figures>();
    var bars = new LinkedHashMap<String, Double>();
    bars.put("bare loop", limit);
    passed.forEach((variant, bursts) -> {
      var rates = bursts.stream().map(Pipe.Passed::perSecond).toList();
      var last = bursts.getLast();
      variants.add(
          new Figures(variant.name)
              .put("limit_per_second", limit)
              .put("deliveries_per_second", rates)
              .put("ratio_to_limit", Figures.median(rates) / limit)
              .cpu(last.cpu(), last.deliveries())
              .put("resident_mib", last.residentKib() / 1024.0)
              .put("not_delivered_at_once", (double) last.others()));
      bars.put(variant.name.replace(", ", "\n"), Figures.median(rates));
    });
    var columns = new LinkedHashMap<String, String>();
    columns.put("limit_per_second", "limit/s");
    columns.put("deliveries_per_second", "deliveries/s");
    columns.put("ratio_to_limit", "ratio");
    columns.put("cpu_us_per_delivery", "µs CPU");
    columns.put("cpu_us_per_delivery_by_process.dispatcher", "dispatcher");
    columns.put("cpu_us_per_delivery_by_process.broker", "broker");
    columns.put("cpu_us_per_delivery_by_process.receiver", "receiver");
    columns.put("resident_mib", "MiB resident");
    columns.put("not_delivered_at_once", "not at once");
    return new Report(
        "throughput",
        machine(),
        settings,
        variants,
        columns,
        new Plot.Bars("Throughput of the whole pipe", "per second", bars));
  }
}

package dev.fanfare.bench.scenario;

import dev.fanfare.bench.load.Payloads;
import dev.fanfare.bench.result.Figures;
import dev.fanfare.bench.result.Plot;
import dev.fanfare.bench.result.Report;
import dev.fanfare.bench.rig.CpuTime;
import dev.fanfare.bench.rig.Receiver;
import dev.fanfare.bench.rig.Rig;
import dev.fanfare.bench.traffic.Backlog;
import dev.fanfare.bench.traffic.Customers;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `fanfare bench peer`: a worker alone, with settlement and attempts written down, beside what a
/// Java team would build of Confluent's Parallel Consumer and OkHttp, which writes down nothing.
/// The same deliveries on a topic each, in turn.
@Command(
    name = "peer",
    description =
        "A worker alone beside Confluent's Parallel Consumer with OkHttp, on the same deliveries.")
public final class PeerScenario extends RigScenario {
  private static final Duration LONGEST = Duration.ofMinutes(5);
  private static final int IN_FLIGHT = 256;

  @Option(
      names = "--orderings",
      split = ",",
      defaultValue = "UNORDERED,KEY",
      description = "Of the Parallel Consumer, one variant each (default: ${DEFAULT-VALUE}).")
  private List<String> orderings = List.of();

  /// One of those that are compared.
  private record Contender(
      String name, Backlog backlog, List<String> subscriptions, Progress progress, CpuTime cpu) {}

  private interface Progress {
    /// How many deliveries have been made so far.
    double made();

    /// Whether all that was made has been settled.
    boolean isSettled();
  }

  private record Ran(double perSecond, Map<String, Duration> cpu, long deliveries) {}

  @Override
  Report measure(Rig rig) throws IOException {
    var receiver = rig.receiver(options().nginx());
    var floor = rig.floor(options().jvm());
    var contenders = new ArrayList<Contender>();
    contenders.add(worker(rig, receiver));
    for (var ordering : orderings) {
      contenders.add(peer(rig, receiver, ordering));
    }
    for (var contender : contenders) {
      progress("warming up: " + contender.name);
      run(contender);
      run(contender);
    }
    var all = new LinkedHashMap<Contender, List<Ran>>();
    var limits = new ArrayList<Double>();
    for (int repeat = 0; repeat < options().repeats(); repeat++) {
      limits.add(
          floor
              .run(
                  receiver.at("/"),
                  options().endpoints(),
                  options().inFlight(),
                  options().payload(),
                  options().warmUp(),
                  options().measured())
              .postsPerSecond());
      for (var contender : contenders) {
        var ran = run(contender);
        progress("%s: %,.0f/s".formatted(contender.name, ran.perSecond));
        all.computeIfAbsent(contender, _ -> new ArrayList<>()).add(ran);
      }
    }
    return report(receiver, Figures.median(limits), all);
  }

  private Contender worker(Rig rig, Receiver receiver) throws IOException {
    progress("starting a worker alone");
    var stage =
        rig.stage(
            "worker",
            options().partitions(),
            ThroughputScenario.UNHURRIED + "roles: [deliver, api]\n");
    var dispatcher = stage.launch("worker", options().jvm()).awaitReady();
    var customers =
        Customers.subscribe(
            dispatcher, "t", options().endpoints(), 1, i -> receiver.at("/ok/" + i), Map.of());
    return new Contender(
        "Fanfare's worker",
        rig.keep(Backlog.of(stage, new Payloads(options().payload()))),
        customers.subscriptions(),
        new Progress() {
          @Override
          public double made() {
            return Pipe.delivered(dispatcher.metrics());
          }

          @Override
          public boolean isSettled() {
            return dispatcher.metrics().sum("fanfare_memory_held_bytes") == 0;
          }
        },
        cpu(rig, receiver, dispatcher.pid()));
  }

  private Contender peer(Rig rig, Receiver receiver, String ordering) throws IOException {
    progress("starting a Parallel Consumer, " + ordering);
    var stage =
        rig.stage(
            "peer-" + ordering.toLowerCase(java.util.Locale.ROOT), options().partitions(), "");
    var backlog = rig.keep(Backlog.of(stage, new Payloads(options().payload())));
    var peer = stage.peer(receiver.at("/"), ordering, IN_FLIGHT, options().jvm());
    var subscriptions = new ArrayList<String>();
    for (int i = 0; i < options().endpoints(); i++) {
      subscriptions.add("sub_" + i);
    }
    return new Contender(
        "Parallel Consumer, " + ordering,
        backlog,
        subscriptions,
        new Progress() {
          @Override
          public double made() {
            return peer.posts();
          }

          @Override
          public boolean isSettled() {
            return true; // its offsets are committed now and then
          }
        },
        cpu(rig, receiver, peer.pid()));
  }

  private static CpuTime cpu(Rig rig, Receiver receiver, long pid) {
    return new CpuTime(
        Map.of("dispatcher", pid, "broker", rig.brokerPid(), "receiver", receiver.pid()));
  }

  private Ran run(Contender contender) {
    var subscriptions = contender.subscriptions;
    double before = contender.progress.made();
    contender.backlog.prepare(
        options().deliveries(), n -> subscriptions.get((int) (n % subscriptions.size())));
    var cpuBefore = contender.cpu.now();
    long began = contender.backlog.release();
    await(began, 0.97, () -> contender.progress.made() - before, 200);
    await(began, 1, () -> contender.progress.made() - before, 20);
    while (!contender.progress.isSettled()) {
      Pipe.pause(10);
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    return new Ran(
        options().deliveries() / seconds, contender.cpu.since(cpuBefore), options().deliveries());
  }

  private void await(long began, double share, DoubleSupplier made, long everyMs) {
    while (made.getAsDouble() < share * options().deliveries()) {
      if (System.nanoTime() - began > LONGEST.toNanos()) {
        throw new IllegalStateException(
            "%.0f of %d deliveries within %s"
                .formatted(made.getAsDouble(), options().deliveries(), LONGEST));
      }
      Pipe.pause(everyMs);
    }
  }

  private Report report(Receiver receiver, double limit, Map<Contender, List<Ran>> all) {
    var settings = settings();
    settings.put("receiver", receiver.name());
    settings.put("deliveries", options().deliveries());
    settings.put("in_flight_of_parallel_consumer", IN_FLIGHT);
    double ours =
        Figures.median(all.values().iterator().next().stream().map(Ran::perSecond).toList());
    var variants = new ArrayList<Figures>();
    var bars = new LinkedHashMap<String, Double>();
    all.forEach((contender, ran) -> {
      var rates = ran.stream().map(Ran::perSecond).toList();
      double rate = Figures.median(rates);
      var last = ran.getLast();
      var figures =
          new Figures(contender.name)
              .put("limit_per_second", limit)
              .put("deliveries_per_second", rates)
              .put("ratio_to_limit", rate / limit)
              .cpu(last.cpu, last.deliveries);
      if (!variants.isEmpty()) {
        figures.put("worker_to_peer", ours / rate);
      }
      variants.add(figures);
      bars.put(contender.name.replace(", ", "\n"), rate);
    });
    var columns = new LinkedHashMap<String, String>();
    columns.put("limit_per_second", "limit/s");
    columns.put("deliveries_per_second", "deliveries/s");
    columns.put("ratio_to_limit", "ratio");
    columns.put("worker_to_peer", "worker ÷ peer");
    columns.put("cpu_us_per_delivery", "µs CPU");
    columns.put("cpu_us_per_delivery_by_process.dispatcher", "of it itself");
    return new Report(
        "peer",
        machine(),
        settings,
        variants,
        columns,
        new Plot.Bars("A worker beside a Parallel Consumer", "deliveries/s", bars));
  }
}

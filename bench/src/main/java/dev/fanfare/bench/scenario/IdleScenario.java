package dev.fanfare.bench.scenario;

import dev.fanfare.bench.load.Payloads;
import dev.fanfare.bench.result.Figures;
import dev.fanfare.bench.result.Plot;
import dev.fanfare.bench.result.Report;
import dev.fanfare.bench.rig.CpuTime;
import dev.fanfare.bench.rig.DispatcherProcess;
import dev.fanfare.bench.rig.Machine;
import dev.fanfare.bench.rig.Rig;
import dev.fanfare.bench.traffic.Backlog;
import dev.fanfare.bench.traffic.Customers;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `fanfare bench idle`: what a dispatcher in all its roles costs while nothing is to be done: with
/// subscriptions and no events, and with deliveries that wait on a rung.
@Command(
    name = "idle",
    description = "What a dispatcher costs while nothing is to be done, or everything waits.")
public final class IdleScenario extends RigScenario {
  @Option(
      names = "--subscriptions",
      defaultValue = "10000",
      description = "How many there are (default: ${DEFAULT-VALUE}).")
  private int subscriptions;

  @Option(
      names = "--waiting",
      defaultValue = "1000000",
      description = "Deliveries that wait, for the second variant (default: ${DEFAULT-VALUE}).")
  private int waiting;

  @Option(
      names = "--rung",
      defaultValue = "7h",
      description = "The rung on which they wait (default: ${DEFAULT-VALUE}).")
  private String rung = "7h";

  @Override
  Report measure(Rig rig) throws IOException {
    var stage = rig.stage("idle", options().partitions(), "");
    progress("starting a dispatcher in all its roles");
    var dispatcher = stage.launch("idle", options().jvm()).awaitReady();
    var variants = new ArrayList<Figures>();
    variants.add(observe("nothing there", dispatcher, rig));
    Customers.subscribe(
        dispatcher, "t", subscriptions, 1, i -> URI.create("http://127.0.0.1:9/" + i), Map.of());
    variants.addFirst(observe("%,d subscriptions".formatted(subscriptions), dispatcher, rig));
    progress("putting %,d deliveries on the rung of %s".formatted(waiting, rung));
    var backlog = rig.keep(Backlog.of(stage, new Payloads(options().payload())));
    var on =
        stage.config().ladder().rungs().stream()
            .filter(it -> it.label().equals(rung))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no rung " + rung));
    backlog.wait(on, waiting, Instant.now().plus(on.delay()), n -> "sub_" + n % 10_000);
    variants.add(observe("%,d deliveries waiting".formatted(waiting), dispatcher, rig));
    var bars = new LinkedHashMap<String, Double>();
    variants.forEach(
        it -> bars.put(it.variant(), it.value("dispatcher_percent_of_a_core").orElse(0.0)));
    var columns = new LinkedHashMap<String, String>();
    columns.put("dispatcher_percent_of_a_core", "% of a core");
    columns.put("broker_percent_of_a_core", "broker's %");
    columns.put("resident_mib", "MiB resident");
    columns.put("heap_mib", "MiB heap used");
    return new Report(
        "idle",
        machine(),
        settings(),
        variants,
        columns,
        new Plot.Bars("A dispatcher with nothing to do", "% of a core", bars));
  }

  private Figures observe(String what, DispatcherProcess dispatcher, Rig rig) {
    progress("observing: " + what);
    Pipe.pause(options().warmUp().toMillis());
    var cpu = new CpuTime(Map.of("dispatcher", dispatcher.pid(), "broker", rig.brokerPid()));
    var percents = new LinkedHashMap<String, List<Double>>();
    for (int repeat = 0; repeat < options().repeats(); repeat++) {
      var before = cpu.now();
      long began = System.nanoTime();
      Pipe.pause(options().measured().toMillis());
      double nanos = System.nanoTime() - began;
      cpu.since(before)
          .forEach((name, used) ->
              percents
                  .computeIfAbsent(name, _ -> new ArrayList<>())
                  .add(100 * used.toNanos() / nanos));
    }
    var figures = new Figures(what);
    percents.forEach((name, each) -> figures.put(name + "_percent_of_a_core", each));
    return figures
        .put("resident_mib", Machine.residentKib(dispatcher.pid()).orElse(0) / 1024.0)
        .put(
            "heap_mib",
            dispatcher.metrics().sum("jvm_memory_used_bytes", "area=\"heap\"") / (1 << 20));
  }
}

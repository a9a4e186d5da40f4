package dev.fanfare.bench.scenario;

import dev.fanfare.bench.load.Payloads;
import dev.fanfare.bench.result.Figures;
import dev.fanfare.bench.result.Plot;
import dev.fanfare.bench.result.Report;
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
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `fanfare bench recovery`: one of two dispatchers is killed amid steady traffic. How long its
/// endpoints get nothing is what the latest of all events says; how much is sent twice, the
/// receiver.
@Command(
    name = "recovery",
    description =
        "kill -9 of one of two dispatchers: how long its endpoints get nothing, how much comes"
            + " twice.")
public final class RecoveryScenario extends RigScenario {
  private static final Duration ENOUGH = Duration.ofMinutes(3);
  private static final long STEP_MS = 250;

  @Option(
      names = "--rate",
      defaultValue = "2000",
      description = "Events a second (default: ${DEFAULT-VALUE}).")
  private int rate;

  private record Killed(long events, long repeats, double inFlight, double latestSeconds) {}

  private final List<Plot.Point> arrivals = new ArrayList<>();

  @Override
  Report measure(Rig rig) throws IOException {
    var sink = rig.sink();
    var stage = rig.stage("recovery", options().partitions(), "");
    progress("starting the dispatcher that stays");
    var stays = stage.launch("stays", options().jvm()).awaitReady();
    var customers =
        Customers.subscribe(
            stays, "t", options().endpoints(), 1, i -> sink.at("/ok/" + i), Map.of());
    var mailing = rig.keep(Mailing.to(stage, new Payloads(options().payload())));
    mailing.steadily(rate, options().warmUp(), customers::tenant);
    var each = new ArrayList<Killed>();
    for (int repeat = 0; repeat < options().repeats(); repeat++) {
      progress("starting one to be killed");
      var dies = stage.launch("dies-" + repeat, options().jvm()).awaitReady();
      mailing.steadily(rate, options().warmUp(), customers::tenant);
      settle(sink);
      arrivals.clear();
      var events =
          CompletableFuture.supplyAsync(() ->
              mailing.steadily(rate, options().measured().multipliedBy(2), customers::tenant));
      var taken = new ArrayList<Sink.Taken>();
      long began = System.nanoTime();
      while (System.nanoTime() - began < options().measured().toNanos() / 2) {
        take(sink, taken, began);
      }
      var before = dies.metrics();
      dies.kill();
      take(sink, taken, began);
      while (!events.isDone()) {
        take(sink, taken, began);
      }
      long sent = events.join();
      while (taken.stream().mapToLong(Sink.Taken::first).sum() < sent) {
        if (System.nanoTime() - began > ENOUGH.toNanos()) {
          throw new IllegalStateException("not all of " + sent + " events have arrived");
        }
        take(sink, taken, began);
      }
      each.add(
          new Killed(
              sent,
              taken.stream().mapToLong(it -> it.good() - it.first()).sum(),
              before.sum("fanfare_in_flight"),
              taken.stream().mapToLong(it -> it.lateness().getMaxValue()).max().orElse(0) / 1e6));
      progress(
          "nothing for %.1f s, %d repeated"
              .formatted(each.getLast().latestSeconds, each.getLast().repeats));
    }
    return report(sink, each);
  }

  private void take(Sink sink, List<Sink.Taken> into, long began) {
    Pipe.pause(STEP_MS);
    var taken = sink.take();
    into.add(taken);
    arrivals.add(
        new Plot.Point((System.nanoTime() - began) / 1e9, taken.first() * 1_000.0 / STEP_MS));
  }

  private static void settle(Sink sink) {
    while (sink.take().good() > 0) {
      Pipe.pause(500);
    }
  }

  private Report report(Sink sink, List<Killed> each) {
    var settings = settings();
    settings.put("receiver", sink.name());
    settings.put("events_per_second", rate);
    var figures =
        new Figures("kill -9 of one of two")
            .put("deliveries_per_second", (double) rate)
            .put("seconds_until_delivered_again", each.stream().map(Killed::latestSeconds).toList())
            .put("repeats", each.stream().map(it -> (double) it.repeats).toList())
            .put("in_flight_before", each.stream().map(Killed::inFlight).toList())
            .put(
                "repeats_per_million",
                each.stream().map(it -> it.repeats * 1e6 / it.events).toList());
    var columns = new LinkedHashMap<String, String>();
    columns.put("deliveries_per_second", "deliveries/s");
    columns.put("seconds_until_delivered_again", "s until delivered again");
    columns.put("repeats", "repeats");
    columns.put("in_flight_before", "in flight before");
    columns.put("repeats_per_million", "repeats per million");
    return new Report(
        "recovery",
        machine(),
        settings,
        List.of(figures),
        columns,
        new Plot.Lines(
            "Arrivals around the kill of one of two dispatchers",
            "a second",
            "seconds",
            false,
            Map.of("arrivals", List.copyOf(arrivals))));
  }
}

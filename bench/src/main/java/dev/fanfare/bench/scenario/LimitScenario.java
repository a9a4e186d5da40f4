package dev.fanfare.bench.scenario;

import dev.fanfare.bench.result.Figures;
import dev.fanfare.bench.result.Plot;
import dev.fanfare.bench.result.Report;
import dev.fanfare.bench.rig.Floor;
import dev.fanfare.bench.rig.Rig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `fanfare bench limit`: the floor by itself, at several numbers of POSTs in flight.
@Command(
    name = "limit",
    description =
        "A bare OkHttp loop on virtual threads that signs and POSTs: what the machine could do if"
            + " there were nothing else to do.")
public final class LimitScenario extends RigScenario {
  @Option(
      names = "--in-flights",
      split = ",",
      defaultValue = "16,64,256",
      description = "POSTs at the same time, one variant each (default: ${DEFAULT-VALUE}).")
  private List<Integer> inFlights = List.of();

  @Override
  Report measure(Rig rig) throws IOException {
    var receiver = rig.receiver(options().nginx());
    var floor = rig.floor(options().jvm());
    var reached = new LinkedHashMap<Integer, List<Floor.Reached>>();
    for (int repeat = 0; repeat < options().repeats(); repeat++) {
      for (int inFlight : inFlights) {
        progress("bare loop, " + inFlight + " in flight");
        reached
            .computeIfAbsent(inFlight, _ -> new ArrayList<>())
            .add(
                floor.run(
                    receiver.at("/"),
                    options().endpoints(),
                    inFlight,
                    options().payload(),
                    options().warmUp(),
                    options().measured()));
      }
    }
    var settings = settings();
    settings.put("receiver", receiver.name());
    var variants = new ArrayList<Figures>();
    var bars = new LinkedHashMap<String, Double>();
    reached.forEach((inFlight, each) -> {
      var figures =
          new Figures(inFlight + " in flight")
              .put("in_flight", inFlight)
              .put("limit_per_second", each.stream().map(Floor.Reached::postsPerSecond).toList())
              .put(
                  "cpu_us_per_delivery",
                  each.stream().map(Floor.Reached::cpuMicrosPerPost).toList());
      variants.add(figures);
      bars.put(figures.variant(), figures.value("limit_per_second").orElse(0.0));
    });
    variants.sort((one, other) ->
        Double.compare(
            other.value("limit_per_second").orElse(0.0),
            one.value("limit_per_second").orElse(0.0)));
    return new Report(
        "limit",
        machine(),
        settings,
        variants,
        Map.of("limit_per_second", "POSTs/s", "cpu_us_per_delivery", "µs CPU of the loop"),
        new Plot.Bars("A bare OkHttp loop", "POSTs/s", bars));
  }
}

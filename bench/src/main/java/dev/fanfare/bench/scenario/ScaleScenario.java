package dev.fanfare.bench.scenario;

import dev.fanfare.bench.load.Payloads;
import dev.fanfare.bench.result.Figures;
import dev.fanfare.bench.result.Plot;
import dev.fanfare.bench.result.Report;
import dev.fanfare.bench.rig.CpuTime;
import dev.fanfare.bench.rig.DispatcherProcess;
import dev.fanfare.bench.rig.Receiver;
import dev.fanfare.bench.rig.Rig;
import dev.fanfare.bench.traffic.Customers;
import dev.fanfare.bench.traffic.Mailing;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `fanfare bench scale`: what a delivery costs as there is more of something: subscriptions that
/// want none of the events, hosts to deliver to, partitions, dispatchers. Bursts as in
/// [ThroughputScenario], at fan-out 1 and with the log.
@Command(
    name = "scale",
    description =
        "What a delivery costs with more subscriptions, hosts, partitions or dispatchers.")
public final class ScaleScenario extends RigScenario {
  @Option(
      names = "--subscriptions",
      split = ",",
      defaultValue = "1000,10000,100000",
      description =
          "How many subscriptions besides those that get something (default: ${DEFAULT-VALUE}).")
  private List<Integer> subscriptions = List.of();

  @Option(
      names = "--hosts",
      split = ",",
      defaultValue = "1,100,1000,10000",
      description = "How many hosts, with an endpoint each (default: ${DEFAULT-VALUE}).")
  private List<Integer> hosts = List.of();

  @Option(
      names = "--partition-counts",
      split = ",",
      defaultValue = "1,12,48",
      description = "How many partitions (default: ${DEFAULT-VALUE}).")
  private List<Integer> partitionCounts = List.of();

  @Option(
      names = "--dispatchers",
      split = ",",
      defaultValue = "2,4",
      description = "How many dispatchers (default: ${DEFAULT-VALUE}).")
  private List<Integer> dispatchers = List.of();

  private final List<Figures> variants = new ArrayList<>();
  private final Map<String, List<Plot.Point>> lines = new LinkedHashMap<>();

  @Override
  Report measure(Rig rig) throws IOException {
    var receiver = rig.receiver(options().nginx());
    growing(rig, receiver);
    for (int partitions : partitionCounts) {
      apart(rig, receiver, "partitions", partitions, partitions, 1);
    }
    for (int count : dispatchers) {
      apart(rig, receiver, "dispatchers", count, Math.max(options().partitions(), count), count);
    }
    var settings = settings();
    settings.put("receiver", receiver.name());
    settings.put("deliveries", options().deliveries());
    var columns = new LinkedHashMap<String, String>();
    columns.put("deliveries_per_second", "deliveries/s");
    columns.put("cpu_us_per_delivery", "µs CPU");
    columns.put("cpu_us_per_delivery_by_process.dispatcher", "dispatcher");
    columns.put("cpu_us_per_delivery_by_process.broker", "broker");
    columns.put("resident_mib", "MiB resident");
    columns.put("not_delivered_at_once", "not at once");
    return new Report(
        "scale",
        machine(),
        settings,
        variants,
        columns,
        new Plot.Lines(
            "What a delivery costs the dispatcher", "µs CPU", "how many there are", true, lines));
  }

  /// One dispatcher, with more and more of everything that can be added to it.
  private void growing(Rig rig, Receiver receiver) throws IOException {
    progress("starting a dispatcher");
    var stage = rig.stage("growing", options().partitions(), ThroughputScenario.UNHURRIED);
    var dispatcher = stage.launch("growing", options().jvm()).awaitReady();
    var mailing = rig.keep(Mailing.to(stage, new Payloads(options().payload())));
    var pipe = pipe(rig, receiver, List.of(dispatcher), mailing);
    var same = subscribe(dispatcher, "same", options().endpoints(), i -> receiver.at("/ok/" + i));
    warmUp(pipe, same);
    measured(pipe, same, "subscriptions", options().endpoints());
    int idle = 0;
    for (int more : subscriptions) {
      progress("subscribing %,d that want nothing".formatted(more - idle));
      int from = idle;
      subscribe(dispatcher, "idle" + from + "-", more - from, i -> receiver.at("/ok/idle"));
      idle = more;
      measured(pipe, same, "subscriptions", options().endpoints() + idle);
    }
    for (int count : hosts) {
      var customers = subscribe(dispatcher, "h" + count + "-", count, i -> at(receiver, i));
      measured(pipe, customers, "hosts", count);
    }
  }

  /// A stage of its own, since partitions are what they are once topics are made.
  private void apart(Rig rig, Receiver receiver, String what, int number, int partitions, int count)
      throws IOException {
    progress("starting %,d %s".formatted(number, what));
    var stage = rig.stage(what + "-" + number, partitions, ThroughputScenario.UNHURRIED);
    var all = new ArrayList<DispatcherProcess>();
    for (int i = 0; i < count; i++) {
      all.add(stage.launch("one-" + i, options().jvm()));
    }
    all.forEach(DispatcherProcess::awaitReady);
    var mailing = rig.keep(Mailing.to(stage, new Payloads(options().payload())));
    var pipe = pipe(rig, receiver, all, mailing);
    var customers =
        subscribe(all.getFirst(), "t", options().endpoints(), i -> receiver.at("/ok/" + i));
    warmUp(pipe, customers);
    measured(pipe, customers, what, number);
    all.forEach(DispatcherProcess::close);
  }

  private static Pipe pipe(
      Rig rig, Receiver receiver, List<DispatcherProcess> dispatchers, Mailing mailing) {
    var processes = new LinkedHashMap<String, Long>();
    processes.put("broker", rig.brokerPid());
    processes.put("receiver", receiver.pid());
    int number = 0;
    for (var dispatcher : dispatchers) {
      processes.put("dispatcher" + (number == 0 ? "" : "-" + number), dispatcher.pid());
      number++;
    }
    return new Pipe(dispatchers, mailing, true, new CpuTime(processes));
  }

  private static Customers subscribe(
      DispatcherProcess dispatcher,
      String name,
      int count,
      java.util.function.IntFunction<URI> endpoint) {
    return Customers.subscribe(dispatcher, name, count, 1, endpoint, Map.of());
  }

  /// The same receiver under one of the many addresses of the loopback network.
  private static URI at(Receiver receiver, int host) {
    var plain = receiver.at("/ok/host");
    var address =
        "127.%d.%d.%d".formatted(1 + (host >> 16), (host >> 8) & 0xff, 1 + (host & 0xff) % 254);
    return URI.create("http://" + address + ":" + plain.getPort() + plain.getPath() + host);
  }

  private void warmUp(Pipe pipe, Customers customers) {
    progress("warming up");
    pipe.burst(customers, options().deliveries());
    pipe.burst(customers, options().deliveries());
  }

  private void measured(Pipe pipe, Customers customers, String what, int number) {
    var bursts =
        Stream.generate(() -> pipe.burst(customers, options().deliveries()))
            .limit(options().repeats())
            .toList();
    var last = bursts.getLast();
    var figures =
        new Figures("%,d %s".formatted(number, what))
            .put("deliveries_per_second", bursts.stream().map(Pipe.Passed::perSecond).toList())
            .cpu(last.cpu(), last.deliveries())
            .put("resident_mib", last.residentKib() / 1024.0)
            .put("not_delivered_at_once", (double) last.others());
    variants.add(figures);
    figures
        .value("cpu_us_per_delivery_by_process.dispatcher")
        .ifPresent(micros ->
            lines
                .computeIfAbsent(what, _ -> new ArrayList<>())
                .add(new Plot.Point(number, micros)));
    progress("%s: %,.0f/s".formatted(figures.variant(), last.perSecond()));
  }
}

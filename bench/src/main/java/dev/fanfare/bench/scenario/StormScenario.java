package dev.fanfare.bench.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fanfare.bench.load.Payloads;
import dev.fanfare.bench.result.Figures;
import dev.fanfare.bench.result.Plot;
import dev.fanfare.bench.result.Report;
import dev.fanfare.bench.rig.CpuTime;
import dev.fanfare.bench.rig.Rig;
import dev.fanfare.bench.rig.Stage;
import dev.fanfare.bench.traffic.Backlog;
import dev.fanfare.retry.ladder.Rung;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `fanfare bench storm`: many waiting deliveries fall due in the same instant. How late each comes
/// back to the workers' topic, committed and readable, and how many a second.
@Command(
    name = "storm",
    description = "Many waiting deliveries fall due in the same instant: how late they come back.")
public final class StormScenario extends RigScenario {
  private static final int DIGITS = 3;
  private static final Duration ENOUGH = Duration.ofMinutes(3);
  private static final Duration POLL = Duration.ofMillis(5);

  @Option(
      names = "--due",
      split = ",",
      defaultValue = "100000,10000",
      description = "How many at once, one variant each (default: ${DEFAULT-VALUE}).")
  private List<Integer> dues = List.of();

  @Option(
      names = "--rungs",
      split = ",",
      defaultValue = "2m,10m",
      description = "On which rungs they wait, in equal parts (default: ${DEFAULT-VALUE}).")
  private List<String> rungs = List.of();

  @Option(
      names = "--ahead",
      paramLabel = "SECONDS",
      defaultValue = "15",
      description = "How long before they are due writing begins (default: ${DEFAULT-VALUE}).")
  private int ahead;

  /// By rung, and of all.
  private static final class Returned {
    final Map<String, Histogram> lateness = new LinkedHashMap<>();
    final List<Double> perSecond = new ArrayList<>();
    Map<String, Duration> cpu = Map.of();

    Histogram of(String rung) {
      return lateness.computeIfAbsent(rung, _ -> new Histogram(DIGITS));
    }
  }

  @Override
  Report measure(Rig rig) throws IOException {
    progress("starting a dispatcher that only holds what waits");
    var stage = rig.stage("storm", options().partitions(), "roles: [retry, api]\n");
    var dispatcher = stage.launch("storm", options().jvm()).awaitReady();
    var cpu = new CpuTime(Map.of("dispatcher", dispatcher.pid(), "broker", rig.brokerPid()));
    var backlog = rig.keep(Backlog.of(stage, new Payloads(options().payload())));
    var consumer = rig.keep(consumer(rig, stage));
    progress("warming up");
    storm(stage, backlog, consumer, cpu, dues.getFirst(), new Returned());
    var all = new LinkedHashMap<Integer, Returned>();
    for (int repeat = 0; repeat < options().repeats(); repeat++) {
      for (int due : dues) {
        var returned = all.computeIfAbsent(due, _ -> new Returned());
        storm(stage, backlog, consumer, cpu, due, returned);
        progress("%,d at once: %,.0f/s".formatted(due, returned.perSecond.getLast()));
      }
    }
    return report(all);
  }

  private void storm(
      Stage stage,
      Backlog backlog,
      Consumer<byte[], byte[]> consumer,
      CpuTime cpu,
      int due,
      Returned into) {
    var at = Instant.now().plusSeconds(ahead);
    for (var rung : waiting(stage)) {
      backlog.wait(rung, due / rungs.size(), at, n -> rung.label() + "-" + n % 1_000);
    }
    if (Instant.now().isAfter(at.minusSeconds(1))) {
      throw new IllegalStateException("writing took too long; begin earlier (--ahead)");
    }
    while (Instant.now().isBefore(at.minusMillis(500))) {
      consumer.poll(Duration.ofMillis(100)); // what comes early is seen below, as it is counted
    }
    var before = cpu.now();
    int wanted = due / rungs.size() * rungs.size();
    int returned = 0;
    long last = 0;
    long deadline = System.nanoTime() + ENOUGH.toNanos();
    while (returned < wanted) {
      for (var record : consumer.poll(POLL)) {
        long late = Duration.between(at, Instant.now()).toNanos() / 1_000;
        var key = new String(record.key(), UTF_8);
        into.of(key.substring(0, key.indexOf('-'))).recordValue(Math.max(0, late));
        last = Math.max(last, late);
        returned++;
      }
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(returned + " of " + wanted + " have come back");
      }
    }
    into.perSecond.add(wanted / (last / 1e6));
    into.cpu = cpu.since(before);
  }

  private List<Rung> waiting(Stage stage) {
    var all =
        stage.config().ladder().rungs().stream()
            .filter(rung -> rungs.contains(rung.label()))
            .toList();
    if (all.size() != rungs.size()) {
      throw new IllegalArgumentException("not all rungs of the ladder: " + rungs);
    }
    return all;
  }

  private static Consumer<byte[], byte[]> consumer(Rig rig, Stage stage) {
    var consumer =
        new KafkaConsumer<>(
            Map.<String, Object>of(
                "bootstrap.servers",
                rig.bootstrap(),
                "isolation.level",
                "read_committed",
                "auto.offset.reset",
                "latest",
                "max.poll.records",
                5_000),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    consumer.assign(
        consumer.partitionsFor(stage.topics().deliveries().name()).stream()
            .map(each -> new TopicPartition(each.topic(), each.partition()))
            .toList());
    consumer.seekToEnd(consumer.assignment());
    consumer.assignment().forEach(consumer::position);
    return consumer;
  }

  private Report report(Map<Integer, Returned> all) {
    var settings = settings();
    settings.put("rungs", rungs);
    var variants = new ArrayList<Figures>();
    var bars = new LinkedHashMap<String, Double>();
    all.forEach((due, returned) -> {
      var together = new Histogram(DIGITS);
      returned.lateness.values().forEach(together::add);
      variants.add(
          new Figures("%,d due at once".formatted(due))
              .put("deliveries_per_second", returned.perSecond)
              .latency(together)
              .cpu(returned.cpu, due));
      bars.put("%,d\nall".formatted(due), together.getValueAtPercentile(99) / 1e3);
      returned.lateness.forEach((rung, lateness) -> {
        variants.add(new Figures("  on rung " + rung).latency(lateness));
        bars.put("%,d\n%s".formatted(due, rung), lateness.getValueAtPercentile(99) / 1e3);
      });
    });
    return new Report(
        "storm",
        machine(),
        settings,
        variants,
        LatencyScenario.columns(),
        new Plot.Bars("p99 of lateness when all are due at once, by rung", "ms", bars));
  }
}

package dev.fanfare.dispatcher.delivery.worker;

import static dev.fanfare.dispatcher.delivery.worker.SimulatedEndpoints.answering;
import static dev.fanfare.dispatcher.delivery.worker.SimulatedEndpoints.hanging;
import static dev.fanfare.dispatcher.delivery.worker.SimulatedEndpoints.holding;
import static dev.fanfare.dispatcher.delivery.worker.SimulatedEndpoints.refusing;
import static dev.fanfare.dispatcher.delivery.worker.SimulatedEndpoints.until;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;

/// What the engine does in four set pieces, written down in `docs/generated/simulation.md`: a
/// change of behaviour is a difference in that file. `-Dfanfare.docs=write` writes it anew.
class ReportSimulation {
  private static final Path REPORT = Path.of("..", "docs", "generated", "simulation.md");
  private static final int BACKLOG = 50_000;

  private final StringBuilder report = new StringBuilder();

  @Test
  void doesWhatTheReportSays() throws IOException {
    line("# What the engine does under a simulated clock");
    line("");
    line(
        "Written by `ReportSimulation` (`make docs`); the same code always makes the same file."
            + " Real are");
    line(
        "lanes, breaker, limits, verdicts, trackers, outbox, records, ladder and rung gates; played"
            + " are");
    line("threads, sockets and Kafka. Times are simulated times, not measurements.");
    isolation();
    recovery();
    backlog();
    day();

    if ("write".equals(System.getProperty("fanfare.docs"))) {
      Files.createDirectories(REPORT.getParent());
      Files.writeString(REPORT, report);
    }
    assertThat(report.toString())
        .as("docs/generated/simulation.md; `make docs` writes it anew")
        .isEqualTo(Files.readString(REPORT));
  }

  // ---- isolation

  private void isolation() {
    var alone = load(0);
    var beside = load(2);
    heading("Isolation: 200 endpoints, each sent 2 deliveries a second for 30 s");
    line("| | all are well | 2 hang until the timeout, 2 fail at once |");
    line("|---|---|---|");
    row("deliveries to the 196 others", well(alone).size(), well(beside).size());
    row("delivered of them", delivered(well(alone)), delivered(well(beside)));
    row("median, ms", percentile(well(alone), 50), percentile(well(beside), 50));
    row("99th percentile, ms", percentile(well(alone), 99), percentile(well(beside), 99));
    row("deferred without an attempt, of the sick", 0, sheds(beside));
    assertThat(delivered(well(beside))).isEqualTo(delivered(well(alone)));
    assertThat(percentile(well(beside), 99)).isLessThan(percentile(well(alone), 99) * 3 / 2);
  }

  private static SimulatedWorld load(int sick) {
    var world = new SimulatedWorld(1);
    for (int i = 0; i < 200; i++) {
      var behaviour =
          i < sick ? hanging() : i < 2 * sick ? answering(500, 1, 3) : answering(200, 20, 60);
      world.subscribe((i < 4 ? "sub_sick" : "sub_well") + i, behaviour);
    }
    world.work(2);
    world.run(Duration.ofSeconds(10));
    for (int tick = 0; tick < 60; tick++) {
      world.time.after(
          tick * 500L,
          () -> {
            for (var subscription : world.table.all()) {
              world.publish(subscription.id().value(), 1);
            }
          });
    }
    world.run(Duration.ofSeconds(50));
    return world;
  }

  private static List<Bookkeeper.Account> well(SimulatedWorld world) {
    return world.books.accounts().values().stream()
        .filter(it -> !it.of.startsWith("sub_sick"))
        .toList();
  }

  private static int sheds(SimulatedWorld world) {
    return world.books.accounts().values().stream().mapToInt(it -> it.sheds).sum();
  }

  private static long delivered(List<Bookkeeper.Account> accounts) {
    return accounts.stream().filter(it -> it.ended == 1).count();
  }

  // ---- recovery

  private void recovery() {
    var world = new SimulatedWorld(2);
    int most = 20;
    long down = Duration.ofMinutes(1).toMillis();
    long up = Duration.ofMinutes(11).toMillis();
    var serving = holding(most, answering(200, 40, 60));
    world.subscribe("sub_a", until(down, serving, until(up, refusing(), serving)));
    world.work(1);
    for (int second = 0; second < 60; second++) {
      world.time.after(second * 1_000L, () -> world.publish("sub_a", 100));
    }
    world.run(Duration.ofMillis(down));
    int learned = world.endpoints.takeMost("sub_a");
    for (int second = 0; second < 500; second++) {
      world.time.after(second * 1_000L, () -> world.publish("sub_a", BACKLOG / 500));
    }
    world.run(Duration.ofMillis(up - 1));
    int attemptsDown = world.books.posts();
    heading("Recovery: down for 10 minutes while 50,000 come, then well again");
    line("The endpoint takes 20 POSTs of about 50 ms at a time and answers 503 to more.");
    line("");
    line("| since it is well | most in flight in that second | delivered in all | wait |");
    line("|---|---|---|---|");
    world.endpoints.takeMost("sub_a");
    int worst = 0;
    for (int second = 1; world.books.waiting() > 0; second++) {
      world.run(Duration.ofMillis(up + second * 1_000L));
      int seen = world.endpoints.takeMost("sub_a");
      worst = Math.max(worst, seen);
      if ((second <= 60 && second % 5 == 0) || second % 60 == 0 || world.books.waiting() == 0) {
        line(
            "| %d s | %d | %,d | %,d |"
                .formatted(
                    second,
                    seen,
                    world.books.endings().getOrDefault("delivered", 0),
                    world.books.waiting()));
      }

      assertThat(second).as("it drains").isLessThan(3_600);
    }
    line("");
    line(
        ("Most POSTs at a time before the outage: %d; after it: %d. Posted in all: %,d for %,d"
                + " deliveries.")
            .formatted(learned, worst, world.books.posts(), world.books.opened()));
    assertThat(attemptsDown).isPositive();
    assertThat(worst).as("never more than was learned before").isLessThanOrEqualTo(learned);
    assertThat(world.books.endings()).containsOnlyKeys("delivered");
  }

  // ---- backlog

  private void backlog() {
    var world = new SimulatedWorld(3);
    world.subscribe("sub_a", 100, answering(200, 15, 25));
    world.work(1);
    world.run(Duration.ofSeconds(10));
    world.publish("sub_a", 20_000);
    world.runDry(Duration.ofHours(1));
    var accounts = List.copyOf(world.books.accounts().values());
    heading("A backlog: 20,000 at once for an endpoint limited to 100 a second");
    line("| | |");
    line("|---|---|");
    row("drained after, s (200 at best)", Math.round((world.time.elapsedMs() - 10_000) / 1000.0));
    row("hops from rung to rung, median", percentileOf(accounts, 50, it -> it.hops));
    row("99th percentile", percentileOf(accounts, 99, it -> it.hops));
    row("most", percentileOf(accounts, 100, it -> it.hops));
    row("deferred by its lane, most of one delivery", percentileOf(accounts, 100, it -> it.sheds));
    row("POSTs", world.books.posts());
  }

  // ---- a day

  private void day() {
    var world = EngineSimulation.day(0);
    world.run(Duration.ofHours(12));
    world.runDry(Duration.ofHours(56));
    heading("A day with everything that goes wrong (`EngineSimulation`, seed 0)");
    line("| | |");
    line("|---|---|");
    row("deliveries", world.books.opened());
    world.books.endings().forEach((how, count) -> row("ended: " + how, count));
    row("workers killed", world.kills());
    row("workers stopped in good order", world.stops());
    row("rebalances", world.group.rebalances());
    row("POSTs", world.books.posts());
    row("POSTs whose outcome died with their worker", world.books.atRisk());
    row("of them made again", world.books.repeated());
    row("transactions that settled", world.kafka.transfers());
    row("alerts", world.kafka.alerts());
  }

  // ---- writing

  private static long percentile(List<Bookkeeper.Account> accounts, int percent) {
    return percentileOf(accounts, percent, it -> it.endedMs - it.openedMs);
  }

  private static long percentileOf(
      List<Bookkeeper.Account> accounts, int percent, ToLongFunction<Bookkeeper.Account> figure) {
    var sorted = accounts.stream().mapToLong(figure).sorted().toArray();
    return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
  }

  private void heading(String text) {
    line("");
    line("## " + text);
    line("");
  }

  private void row(String what, long... figures) {
    var cells = new ArrayList<String>();
    Arrays.stream(figures).forEach(it -> cells.add("%,d".formatted(it)));
    line("| " + what + " | " + String.join(" | ", cells) + " |");
  }

  private void line(String text) {
    report.append(text).append('\n');
  }
}

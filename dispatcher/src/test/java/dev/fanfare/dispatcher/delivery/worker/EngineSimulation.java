package dev.fanfare.dispatcher.delivery.worker;

import static dev.fanfare.dispatcher.delivery.worker.SimulatedEndpoints.answering;
import static dev.fanfare.dispatcher.delivery.worker.SimulatedEndpoints.flapping;
import static dev.fanfare.dispatcher.delivery.worker.SimulatedEndpoints.hanging;
import static dev.fanfare.dispatcher.delivery.worker.SimulatedEndpoints.holding;
import static dev.fanfare.dispatcher.delivery.worker.SimulatedEndpoints.refusing;
import static dev.fanfare.dispatcher.delivery.worker.SimulatedEndpoints.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.dispatcher.subscription.Status;
import dev.fanfare.testkit.seed.Seeds;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Days of work with endpoints of every kind, with workers and a relay that die, rebalances,
/// transactions of which nobody knows, owners who pause, mend and delete. The promises are checked
/// after every event (`Bookkeeper`); here that everything comes to its end, and how.
class EngineSimulation {
  private static final int EVENTS = 1_500;
  private static final Duration DAY = Duration.ofDays(1);
  private static final List<String> TYPES =
      List.of("email.delivered", "email.opened", "email.complained");

  static LongStream seeds() {
    return Seeds.fixed(12);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyDeliveryComesToOneEndWhateverHappens(long seed) {
    var world = day(seed);

    world.run(DAY.dividedBy(2));
    world.runDry(DAY.multipliedBy(2).plusHours(8));

    assertThat(world.books.opened()).isGreaterThan(EVENTS);
    assertThat(world.books.inFlight()).isZero();
    assertThat(world.books.repeated())
        .as("nothing is posted again but what was in flight when its worker died")
        .isLessThanOrEqualTo(world.books.atRisk());
    assertThat(world.books.endings())
        .containsKeys(
            "delivered", "expired", "aborted", "gone", "endpoint_disabled", "endpoint_deleted");
    assertThat(world.kafka.alerts())
        .as("gone, asked, gone until mended, disabled and deleted by its owner")
        .isEqualTo(5);
    assertThat(world.kills()).isPositive();
    assertThat(world.group.rebalances()).isGreaterThan(world.kills());
  }

  /// Everything at once.
  static SimulatedWorld day(long seed) {
    var world = new SimulatedWorld(seed);
    world.brokenOneIn = 2_000;
    var subscriptions = subscribe(world);
    world.work(3);
    arrivals(world, subscriptions);
    faults(world);
    owners(world);
    return world;
  }

  private static List<String> subscribe(SimulatedWorld world) {
    var well = answering(200, 5, 80);
    long hour = Duration.ofHours(1).toMillis();
    for (int i = 0; i < 12; i++) {
      world.subscribe("sub_well" + i, well);
    }
    world.subscribe("sub_slow", answering(204, 400, 4_000));
    world.subscribe("sub_hanging", hanging());
    world.subscribe("sub_failing", answering(500, 1, 5));
    world.subscribe("sub_refusing", refusing());
    world.subscribe("sub_flapping", flapping(3, well, answering(502, 10, 20)));
    world.subscribe("sub_outage", until(3 * hour, well, until(5 * hour, refusing(), well)));
    world.subscribe("sub_limited", 2, well);
    world.subscribe("sub_small", holding(3, answering(200, 50, 100)));
    world.subscribe(
        "sub_throttling", flapping(4, well, answering(429, Map.of("retry-after", "120"))));
    world.subscribe(
        "sub_absurd", flapping(4, well, answering(503, Map.of("retry-after", "99999999"))));
    world.subscribe("sub_gone", until(2 * hour, well, answering(410, Map.of())));
    world.subscribe(
        "sub_asking", until(2 * hour, well, answering(503, Map.of("webhook-delivery", "disable"))));
    world.subscribe(
        "sub_aborting",
        flapping(5, well, answering(400, Map.of("webhook-delivery", "abort-message"))));
    world.subscribe("sub_paused", well);
    world.subscribe("sub_mended", until(4 * hour, answering(410, Map.of()), well));
    world.subscribe("sub_deleted", well);
    return world.table.all().stream().map(it -> it.id().value()).sorted().toList();
  }

  /// One by one, and now and then a flood, for twelve hours.
  private static void arrivals(SimulatedWorld world, List<String> subscriptions) {
    for (int i = 0; i < EVENTS; i++) {
      world.time.after(
          world.time.between(0, DAY.toMillis() / 2),
          () -> {
            var subscription = subscriptions.get((int) world.time.between(0, subscriptions.size()));
            int count = world.time.oneIn(100) ? 60 : 1;
            var life = world.time.oneIn(10) ? Duration.ofMinutes(20) : DAY;
            var type = TYPES.get((int) world.time.between(0, TYPES.size()));
            world.publish(subscription, count, type, life);
          });
    }
  }

  private static void faults(SimulatedWorld world) {
    for (int i = 0; i < 14; i++) {
      world.time.after(
          world.time.between(1, DAY.toMillis()),
          () -> {
            if (world.living().size() < 2) {
              return;
            }
            long away = world.time.between(0, 120_000);
            var worker = world.any().orElseThrow();
            switch ((int) world.time.between(0, 3)) {
              case 0 -> world.kill(worker, away);
              case 1 -> world.stop(worker, away);
              default -> world.relay.crash(away);
            }
          });
    }
    // Not left to chance: amid a flood.
    for (int i = 1; i <= 4; i++) {
      boolean kill = i % 2 == 0;
      world.time.after(DAY.toMillis() / 10 * i, () -> flood(world, kill));
    }
  }

  /// What is sent everywhere, so that something is in flight when a worker goes a moment later.
  private static void flood(SimulatedWorld world, boolean kill) {
    for (int i = 0; i < 12; i++) {
      world.publish("sub_well" + i, 20);
    }
    var worker = world.any();
    world.time.after(
        150,
        () ->
            worker
                .filter(SimulatedWorker::isAlive)
                .ifPresent(it -> {
                  if (kill) {
                    world.kill(it, 1_000);
                  } else {
                    world.stop(it, 1_000);
                  }
                }));
  }

  private static void owners(SimulatedWorld world) {
    long hour = Duration.ofHours(1).toMillis();
    world.time.after(2 * hour, () -> world.table.write("sub_paused", Status.PAUSED));
    world.time.after(6 * hour, () -> world.table.write("sub_paused", Status.ACTIVE));
    world.time.after(5 * hour, () -> world.table.write("sub_mended", Status.ACTIVE));
    world.time.after(5 * hour, () -> world.table.delete("sub_deleted"));
    world.time.after(7 * hour, () -> world.table.write("sub_well0", Status.DISABLED));
  }
}

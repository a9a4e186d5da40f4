package dev.fanfare.sandbox.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.sandbox.system.SteadyTraffic.Spread;
import dev.fanfare.testkit.receiver.Receiver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two dispatchers under traffic, of which one after the other is told to end and started again, as
/// a cluster does it for a new version.
@Tag("long")
class RollingRestartST {
  private static final Duration ENOUGH = Duration.ofMinutes(3);
  private static final int QUIET = 2_000;

  @TempDir Path directory;

  @Test
  void nothingIsLostAndNothingComesTwice() throws Exception {
    var deployment = Deployment.of(getClass(), directory, "");
    var beside = deployment.beside(directory.resolve("beside"), "");
    try (var receiver = Receiver.start();
        var one = DispatcherProcess.start(deployment, directory);
        var other = DispatcherProcess.start(beside, directory.resolve("beside"))) {
      // Given
      var customer = new Customer(one.api(), "acme");
      for (int i = 0; i < 2; i++) {
        customer.subscribe(receiver.url("/" + i), List.of("*"), Map.of());
      }
      assertThat(other.api().list("/v1/subscriptions")).hasSize(2); // so that either may fan out
      receiver.keep(0);
      try (var traffic = SteadyTraffic.start(one.api(), "acme")) {
        receiver.answer(traffic::take);
        await().atMost(ENOUGH).until(() -> traffic.arrivals().deliveries() > QUIET); // warm
        var _ = traffic.took();
        await().atMost(ENOUGH).until(() -> traffic.arrivals().deliveries() > 3 * QUIET);
        var before = Spread.of(traffic.took());

        // When
        var steps = new ArrayList<List<Long>>();
        traffic.through(other.api());
        boolean first = one.terminate(ENOUGH);
        steps.add(traffic.took());
        one.restart();
        steps.add(traffic.took());
        traffic.through(one.api());
        boolean second = other.terminate(ENOUGH);
        steps.add(traffic.took());
        other.restart();

        // Then
        traffic.end();
        int events = traffic.events();
        await().atMost(ENOUGH).until(() -> traffic.arrivals().deliveries() >= 2L * events);
        steps.add(traffic.took());
        var meanwhile = Spread.of(steps.stream().flatMap(List::stream).toList());
        var repeats = traffic.arrivals().posts() - 2L * events;
        System.out.printf(
            ">> a rolling restart of two: before %s; meanwhile %s (%.1f times the p99), %d"
                + " repeated%n",
            before, meanwhile, meanwhile.p99() / (double) Math.max(before.p99(), 1), repeats);
        System.out.printf(
            ">> leaves, comes, leaves, comes: %s%n", steps.stream().map(Spread::of).toList());
        assertThat(first && second).as("both ended by themselves").isTrue();
        assertThat(traffic.arrivals().byEndpoint()).isEqualTo(Map.of("/0", events, "/1", events));
        assertThat(repeats).isZero(); // what was in flight was let end, and settled
        SettledLedger.of(one.api(), ENOUGH).has(2L * events, 2L * events, 0);
      }
    }
  }
}

package dev.fanfare.sandbox.system;

import dev.fanfare.testkit.kafka.KafkaClusterProcesses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/// Three brokers and two dispatchers, each a process of its own, and what befalls them. One thread.
final class ChaosRig implements AutoCloseable {
  private static final int BROKERS = 3;
  private static final int LONGEST_AWAY_MS = 3_000;

  /// The breaker opens only for who never succeeds, and not for long: otherwise what waits for
  /// those that fail would take its time. When nothing is left but what fails, an endpoint is tried
  /// ever less often, so those deliveries end with their lifetime.
  private static final String PATIENT =
      """
      fanout:
        lifetime: 6m
      retry:
        ladder: [1s, 5s]
      delivery:
        breaker_volume: 64
        breaker_failure_percent: 100
        breaker_shortest: 1s
        breaker_longest: 2s
      """;

  private final Random random;
  private final long startedAt = System.nanoTime();
  private final KafkaClusterProcesses brokers;
  private final List<DispatcherProcess> dispatchers = new ArrayList<>();
  private final Deployment deployment;

  private ChaosRig(Random random, KafkaClusterProcesses brokers, Deployment deployment) {
    this.random = random;
    this.brokers = brokers;
    this.deployment = deployment;
  }

  static ChaosRig start(Class<?> test, Path directory, Random random) throws IOException {
    var brokers = KafkaClusterProcesses.start(directory.resolve("brokers"));
    try {
      var deployment = Deployment.on(brokers.bootstrap(), test, directory, PATIENT);
      var rig = new ChaosRig(random, brokers, deployment);
      try {
        rig.dispatchers.add(DispatcherProcess.start(deployment, directory));
        var beside = Files.createDirectories(directory.resolve("beside"));
        var another = deployment.beside(beside, PATIENT);
        rig.dispatchers.add(
            DispatcherProcess.start(another, beside, "another", another.apiPort(), Map.of()));
        rig.tell("three brokers and two dispatchers are ready");
        return rig;
      } catch (IOException | RuntimeException e) {
        rig.dispatchers.forEach(DispatcherProcess::close);
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      brokers.close();
      throw e;
    }
  }

  Deployment deployment() {
    return deployment;
  }

  DispatcherProcess dispatcher() {
    return dispatchers.getFirst();
  }

  List<DispatcherProcess> dispatchers() {
    return List.copyOf(dispatchers);
  }

  /// A line for whoever reads along.
  @SuppressWarnings("AnnotateFormatMethod") // its annotation is no dependency of ours
  void tell(String format, Object... what) {
    System.out.printf(
        "chaos %5.1f s: %s%n", (System.nanoTime() - startedAt) / 1e9, format.formatted(what));
  }

  /// What it is that each fault strikes: dispatchers (true) and brokers in any order, of each at
  /// least one where there are two.
  List<Boolean> plan(int faults) {
    var plan = new ArrayList<Boolean>();
    for (int i = 0; i < faults; i++) {
      plan.add(i < 2 ? i == 0 : random.nextBoolean());
    }
    Collections.shuffle(plan, random);
    return plan;
  }

  Fault strike(boolean dispatcher) throws InterruptedException {
    return dispatcher ? killDispatcher() : killBroker();
  }

  private Fault killDispatcher() throws InterruptedException {
    var victim = dispatchers.get(random.nextInt(dispatchers.size()));
    var what = "dispatcher '" + victim.name() + "'";
    var at = Instant.now();
    victim.kill();
    return back(what, at, victim::restart);
  }

  private Fault killBroker() throws InterruptedException {
    var victim = brokers.broker(1 + random.nextInt(BROKERS));
    var at = Instant.now();
    victim.kill();
    return back("broker " + victim.id(), at, victim::restart);
  }

  private Fault back(String what, Instant at, Runnable restart) throws InterruptedException {
    var gone = Instant.now();
    int awayMs = random.nextInt(LONGEST_AWAY_MS);
    tell("kill -9 of %s, to be started again after %d ms", what, awayMs);
    TimeUnit.MILLISECONDS.sleep(awayMs); // how long it is away is part of the fault
    restart.run();
    var back = Instant.now();
    tell("%s is back after %d ms", what, Duration.between(at, back).toMillis());
    return new Fault(what, at, gone, back);
  }

  @Override
  public void close() {
    dispatchers.forEach(DispatcherProcess::close);
    brokers.close();
  }
}

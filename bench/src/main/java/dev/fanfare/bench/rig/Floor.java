package dev.fanfare.bench.rig;

import dev.fanfare.bench.control.ControlClient;
import dev.fanfare.testkit.process.ChildProcess;
import dev.fanfare.testkit.process.Launch;
import dev.fanfare.testkit.process.Ports;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A program in a child JVM that POSTs as quickly as it can while it is told to.
public final class Floor implements AutoCloseable {
  private final ChildProcess process;
  private final ControlClient control;

  private Floor(ChildProcess process, int controlPort) {
    this.process = process;
    this.control = new ControlClient(controlPort);
  }

  /// What came of one run.
  public record Reached(double postsPerSecond, double cpuMicrosPerPost) {}

  static Floor start(Path directory, Class<?> program, List<String> jvmFlags) {
    int controlPort = Ports.free();
    var process =
        ChildProcess.start(
            new Launch(
                program.getSimpleName(),
                program.getName(),
                Launch.ourClassPath(),
                Stream.of(Launch.KAFKA_FLAGS, List.of("-XX:+UseCompactObjectHeaders"), jvmFlags)
                    .flatMap(List::stream)
                    .toList(),
                List.of(Integer.toString(controlPort)),
                Map.of(),
                directory,
                directory.resolve(program.getSimpleName() + ".log")));
    var floor = new Floor(process, controlPort);
    process.awaitReady(floor.control::isReady, Duration.ofSeconds(30));
    return floor;
  }

  /// @param endpoints how many, each with connections of its own
  /// @param inFlight POSTs at the same time
  public Reached run(
      URI to, int endpoints, int inFlight, int payload, Duration warmUp, Duration measured) {
    var said =
        control.ask(
            "/run",
            Map.of(
                "to", to,
                "endpoints", endpoints,
                "in_flight", inFlight,
                "payload", payload,
                "warm_up_ms", warmUp.toMillis(),
                "measured_ms", measured.toMillis()));
    return new Reached(said.path("per_second").asDouble(), said.path("cpu_us").asDouble());
  }

  @Override
  public void close() {
    process.close();
  }
}

package dev.fanfare.bench.rig;

import dev.fanfare.bench.control.ControlClient;
import dev.fanfare.bench.load.PeerMain;
import dev.fanfare.testkit.process.ChildProcess;
import dev.fanfare.testkit.process.Launch;
import dev.fanfare.testkit.process.Ports;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// [PeerMain] in a child JVM: it takes deliveries from a stage's topic and POSTs them.
public final class Peer implements AutoCloseable {
  private final ChildProcess process;
  private final ControlClient control;

  private Peer(ChildProcess process, int controlPort) {
    this.process = process;
    this.control = new ControlClient(controlPort);
  }

  /// @param ordering the library's word for it: `UNORDERED`, `KEY`
  /// @param inFlight POSTs at the same time
  static Peer start(
      Stage stage, URI receiver, String ordering, int inFlight, List<String> jvmFlags) {
    int controlPort = Ports.free();
    var name = "peer-" + ordering;
    var process =
        ChildProcess.start(
            new Launch(
                name,
                PeerMain.class.getName(),
                Launch.ourClassPath(),
                Stream.of(Launch.KAFKA_FLAGS, List.of("-XX:+UseCompactObjectHeaders"), jvmFlags)
                    .flatMap(List::stream)
                    .toList(),
                List.of(Integer.toString(controlPort)),
                Map.of(),
                stage.directory(),
                stage.directory().resolve(name + ".log")));
    var peer = new Peer(process, controlPort);
    process.awaitReady(peer.control::isReady, Duration.ofSeconds(30));
    peer.control.ask(
        "/start",
        Map.of(
            "to", receiver,
            "bootstrap", stage.rig().bootstrap(),
            "registry", stage.rig().registry(),
            "topic", stage.topics().deliveries().name(),
            "group", name,
            "ordering", ordering,
            "in_flight", inFlight));
    return peer;
  }

  /// POSTs that were answered well since it was started.
  public long posts() {
    return control.ask("/posts", Map.of()).path("posts").asLong();
  }

  public long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.close();
  }
}

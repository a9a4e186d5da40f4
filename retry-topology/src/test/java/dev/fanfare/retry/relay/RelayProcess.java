package dev.fanfare.retry.relay;

import dev.fanfare.retry.ladder.DelayLadder;
import dev.fanfare.schemas.topic.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// A relay in a process of its own, to be killed.
final class RelayProcess {
  private RelayProcess() {}

  static Process start(RelayRig rig, String instance) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:TieredStopAtLevel=1",
            "--sun-misc-unsafe-memory-access=allow",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            RelayProcess.class.getName(),
            String.valueOf(rig.kafka.client().get("bootstrap.servers")),
            rig.topics.prefix(),
            instance,
            String.join(",", rig.ladder.rungs().stream().map(rung -> rung.label()).toList()))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  public static void main(String[] arguments) throws InterruptedException {
    var client =
        new HashMap<String, Object>(
            Map.of(
                "bootstrap.servers",
                arguments[0],
                "session.timeout.ms",
                2_000,
                "heartbeat.interval.ms",
                300,
                "transaction.timeout.ms",
                3_000));
    var relay =
        DelayRelay.start(
            RelaySettings.defaults(arguments[2]),
            client,
            new Topics(arguments[1], "input"),
            DelayLadder.of(arguments[3].split(",", -1)),
            new SimpleMeterRegistry());
    Thread.currentThread().join();
    relay.close();
  }
}

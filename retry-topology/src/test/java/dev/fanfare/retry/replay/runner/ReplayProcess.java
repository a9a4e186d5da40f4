package dev.fanfare.retry.replay.runner;

import dev.fanfare.schemas.serde.AvroSerdes;
import dev.fanfare.schemas.serde.RegistrySettings;
import dev.fanfare.schemas.topic.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/// A runner in a process of its own, to be killed.
final class ReplayProcess {
  private ReplayProcess() {}

  static Process start(ReplayRig rig, String instance) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:TieredStopAtLevel=1",
            "--sun-misc-unsafe-memory-access=allow",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            ReplayProcess.class.getName(),
            String.valueOf(rig.kafka.client().get("bootstrap.servers")),
            rig.topics.prefix(),
            rig.topics.input(),
            instance)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  public static void main(String[] arguments) throws InterruptedException {
    var client = ReplayRig.client(arguments[0]);
    var topics = new Topics(arguments[1], arguments[2]);
    var serdes = new AvroSerdes(RegistrySettings.at(ReplayRig.REGISTRY));
    ReplayRig.register(serdes, topics);
    var board = ReplayBoard.start(client, topics, serdes, arguments[3]);
    var runner =
        ReplayRunner.start(
            new ReplayRunner.Parts(
                client,
                topics,
                serdes,
                board,
                new Surroundings(_ -> true, Surroundings.Statuses.NONE, (_, _) -> Optional.empty()),
                ReplaySettings.defaults(arguments[3]),
                new SimpleMeterRegistry(),
                InstantSource.system()));
    Thread.currentThread().join();
    runner.close();
    board.close();
  }
}

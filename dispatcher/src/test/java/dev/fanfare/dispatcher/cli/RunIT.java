package dev.fanfare.dispatcher.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.dispatcher.app.TestFanfare;
import dev.fanfare.testkit.kafka.SharedKafka;
import dev.fanfare.testkit.process.Launch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The program as a process of its own: starts, says so in one line each, and ends when told.
class RunIT {
  private static final int SIGTERM = 128 + 15;

  @TempDir private Path directory;

  @Test
  void runsEveryRoleUntilItIsToldToStop() throws Exception {
    var config = config();
    var created = start("create.log", "topics", "create", "--config", config);
    assertThat(created.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(created.exitValue()).as(log("create.log")).isZero();

    var running = start("run.log", "run", "--config", config);
    try {
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> log("run.log").contains("started: ") || !running.isAlive());
      assertThat(running.isAlive()).as(log("run.log")).isTrue();
      assertThat(log("run.log")).contains("[api, deliver, fanout, log, retry]");

      running.destroy();

      assertThat(running.waitFor(40, TimeUnit.SECONDS)).isTrue();
    } finally {
      running.destroyForcibly();
    }
    assertThat(running.exitValue()).isEqualTo(SIGTERM);
    assertThat(log("run.log").lines())
        .as("one readable line an event")
        .allMatch(line -> line.matches("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z (INFO |WARN ) \\[.*"))
        .noneMatch(line -> line.contains("a-key-that-nobody-logs"));
  }

  @Test
  void endsWithOneLineWhenTheRegistryIsAway() throws Exception {
    var config = config();
    var created = start("create.log", "topics", "create", "--config", config);
    assertThat(created.waitFor(60, TimeUnit.SECONDS)).isTrue();
    var away = Files.readString(Path.of(config)).replaceFirst("mock://\\w+", "http://127.0.0.1:1");
    Files.writeString(Path.of(config), away);

    var running = start("run.log", "run", "--config", config);

    assertThat(running.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(running.exitValue()).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(log("run.log"))
        .startsWith("fanfare: schema registry http://127.0.0.1:1 cannot be reached")
        .hasLineCount(1);
  }

  private String config() throws IOException {
    var prefix = SharedKafka.prefix(RunIT.class);
    var yaml =
        """
        kafka: {bootstrap.servers: "%s"}
        schema_registry: {schema.registry.url: "mock://run"}
        topics: {prefix: %s, input: in-%sevents, partitions: 1}
        api: {port: 0, api_key: a-key-that-nobody-logs}
        %s
        """
            .formatted(SharedKafka.bootstrap(), prefix, prefix, TestFanfare.SECRETS);
    return Files.writeString(directory.resolve("fanfare.yaml"), yaml).toString();
  }

  private Process start(String log, String... args) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(Launch.SMALL_JVM);
    command.addAll(Launch.KAFKA_FLAGS);
    // The tests' own log configuration comes first on the class path.
    command.add("-Dlogback.configurationFile=logback.xml");
    command.addAll(List.of("-cp", Launch.ourClassPath(), Main.class.getName()));
    command.addAll(List.of(args));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve(log).toFile())
        .start();
  }

  private String log(String name) throws IOException {
    var file = directory.resolve(name);
    return Files.exists(file) ? Files.readString(file) : "";
  }
}

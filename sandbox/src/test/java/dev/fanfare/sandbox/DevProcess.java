package dev.fanfare.sandbox;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// `fanfare dev` as a person starts it: the launcher of the distribution, in a process of its own,
/// and Ctrl-C for it and all its children, as the terminal sends it.
final class DevProcess implements AutoCloseable {
  private static final Path LAUNCHER = Path.of("target/fanfare/bin/fanfare").toAbsolutePath();
  private static final Duration READY_WITHIN = Duration.ofMinutes(3);
  private static final Duration ENDED_WITHIN = Duration.ofMinutes(3);

  private final Process process;
  private final Path said;
  private final Path complained;

  private DevProcess(Process process, Path said, Path complained) {
    this.process = process;
    this.said = said;
    this.complained = complained;
  }

  /// @param directory where it runs, and where what it says is kept
  static DevProcess start(Path directory, String... options)
      throws IOException, InterruptedException {
    var said = Files.createTempFile(directory, "said-", ".log");
    var complained = Files.createTempFile(directory, "complained-", ".log");
    var command = new ArrayList<>(heedingInterrupts());
    command.addAll(List.of(LAUNCHER.toString(), "dev"));
    command.addAll(List.of(options));
    var builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectOutput(said.toFile())
            .redirectError(complained.toFile());
    builder.environment().put("FANFARE_JAVA_HOME", System.getProperty("java.home"));
    return new DevProcess(builder.start(), said, complained);
  }

  /// A shell that runs tests in the background makes them and all their children deaf to SIGINT.
  private static List<String> heedingInterrupts() throws IOException, InterruptedException {
    var heeding = List.of("env", "--default-signal=INT");
    var works = Stream.concat(heeding.stream(), Stream.of("true")).toList();
    return new ProcessBuilder(works).start().waitFor() == 0 ? heeding : List.of("env");
  }

  /// @return the line that says so
  String awaitReady() throws IOException {
    await()
        .atMost(READY_WITHIN)
        .until(() -> said().contains("Fanfare is up after") || !process.isAlive());
    assertThat(process.isAlive()).as(said() + complained()).isTrue();
    return said()
        .lines()
        .filter(line -> line.startsWith("Fanfare is up"))
        .findFirst()
        .orElseThrow();
  }

  /// @return the processes that it has started
  List<ProcessHandle> interrupt() throws IOException, InterruptedException {
    var children = process.descendants().toList();
    var kill = new ArrayList<>(List.of("kill", "-INT", Long.toString(process.pid())));
    children.forEach(child -> kill.add(Long.toString(child.pid())));
    assertThat(new ProcessBuilder(kill).start().waitFor()).isZero();
    return children;
  }

  int awaitEnd() throws InterruptedException {
    assertThat(process.waitFor(ENDED_WITHIN.toMillis(), MILLISECONDS)).as("it ends").isTrue();
    return process.exitValue();
  }

  /// What it has put on standard output.
  String said() throws IOException {
    return Files.readString(said);
  }

  /// What it has put on standard error.
  String complained() throws IOException {
    return Files.readString(complained);
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}

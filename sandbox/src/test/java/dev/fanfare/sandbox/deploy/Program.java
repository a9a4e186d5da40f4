package dev.fanfare.sandbox.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Runs a program of the machine's to its end.
record Program(Path directory, Map<String, String> environment) {
  private static final Duration ENOUGH = Duration.ofMinutes(10);

  /// @param said what it printed, errors included
  record Ended(int status, String said) {}

  /// What it prints.
  ///
  /// @throws IllegalStateException if it fails, with all that it said
  String run(List<String> command) throws IOException, InterruptedException {
    var ended = tried(command);
    if (ended.status() != 0) {
      throw new IllegalStateException(
          "%s ended with %d:%n%s".formatted(command, ended.status(), ended.said()));
    }
    return ended.said().strip();
  }

  Ended tried(List<String> command) throws IOException, InterruptedException {
    var builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().putAll(environment);
    var process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    var said = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (!process.waitFor(ENOUGH.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException(command + " does not end: " + said);
    }
    return new Ended(process.exitValue(), said);
  }

  /// Whether it is there and succeeds.
  boolean succeeds(List<String> command) throws InterruptedException {
    try {
      return tried(command).status() == 0;
    } catch (IOException e) {
      return false; // there is no such program
    }
  }
}

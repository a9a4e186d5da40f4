package dev.fanfare.testkit.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/// A child JVM. It ends with this JVM, however this one ends (see [Guarded]); a Ctrl-C in the
/// terminal reaches this JVM only, so that children are stopped in the order we choose.
///
/// Thread-safe.
public final class ChildProcess implements AutoCloseable {
  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final Duration POLL = Duration.ofMillis(25);
  private static final int TAIL_LINES = 30;

  private final Launch launch;
  private final Process process;

  private ChildProcess(Launch launch, Process process) {
    this.launch = launch;
    this.process = process;
  }

  /// Returns as soon as the process runs; see [#awaitReady].
  public static ChildProcess start(Launch launch) {
    try {
      Files.createDirectories(launch.log().toAbsolutePath().getParent());
      var builder =
          new ProcessBuilder(command(launch))
              .directory(launch.directory().toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(launch.log().toFile()));
      builder.environment().putAll(launch.environment());
      return new ChildProcess(launch, builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(launch.name() + " could not be started", e);
    }
  }

  private static List<String> command(Launch launch) {
    var command = new ArrayList<String>();
    // An ignored signal stays ignored across exec, and the JVM respects that.
    command.addAll(List.of("/bin/sh", "-c", "trap '' INT; exec \"$@\"", "sh"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(launch.jvmFlags());
    command.addAll(List.of("-cp", guardHome() + File.pathSeparator + launch.classPath()));
    command.addAll(List.of(Guarded.class.getName(), launch.mainClass()));
    command.addAll(launch.arguments());
    return command;
  }

  private static Path guardHome() {
    try {
      return Path.of(Guarded.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("a code source that is no URI", e);
    }
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /// Waits until the condition holds.
  ///
  /// @throws IllegalStateException if the process ends first or takes longer than that; the last
  ///   lines of its log are in the message
  public void awaitReady(BooleanSupplier ready, Duration atMost) {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (!ready.getAsBoolean()) {
      if (!process.isAlive()) {
        throw new IllegalStateException(
            launch.name() + " ended with status " + process.exitValue() + logTail());
      }
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            launch.name() + " was not ready within " + atMost.toSeconds() + " s" + logTail());
      }
      pause();
    }
  }

  private void pause() {
    try {
      Thread.sleep(POLL);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while " + launch.name() + " starts", e);
    }
  }

  private String logTail() {
    try {
      var lines = Files.readAllLines(launch.log(), UTF_8);
      var last = lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size());
      return "; the end of " + launch.log() + ":\n" + String.join("\n", last);
    } catch (IOException e) {
      return "; its log " + launch.log() + " can't be read: " + e;
    }
  }

  /// Ends it as `kill -9` does: no shutdown hook runs. Returns when the process is gone.
  public void kill() {
    process.destroyForcibly();
    waitFor(GRACE);
  }

  /// Asks it to end (SIGTERM), and kills it if it takes longer than `grace`.
  public void stop(Duration grace) {
    // Not by Process.destroy: it closes the child's standard input as well, which is how a guarded
    // child learns that its parent is gone, and then it ends at once.
    var _ = process.toHandle().destroy();
    if (!waitFor(grace)) {
      kill();
    }
  }

  @Override
  public void close() {
    stop(GRACE);
  }

  private boolean waitFor(Duration atMost) {
    try {
      return process.waitFor(atMost.toMillis(), MILLISECONDS);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      return true;
    }
  }
}

package dev.fanfare.testkit.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildProcessIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir Path directory;

  @Test
  void endsWithItsParentWhenThatIsKilled() throws IOException {
    var pid = directory.resolve("pid");
    try (var parent = ChildProcess.start(launch("parent", Parent.class, pid))) {
      parent.awaitReady(() -> Files.exists(pid), SOON);
      var child = ProcessHandle.of(Long.parseLong(Files.readString(pid))).orElseThrow();
      assertThat(child.isAlive()).isTrue();

      parent.kill();

      await().atMost(SOON).until(() -> !child.isAlive());
    }
  }

  @Test
  void showsItsLastLinesWhenItEndsTooEarly() {
    try (var failing = ChildProcess.start(launch("failing", Failing.class, directory))) {
      assertThatThrownBy(() -> failing.awaitReady(() -> false, SOON))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("failing ended with status 1")
          .hasMessageContaining("the reason why");
    }
  }

  @Test
  void saysFarewellWhenItIsStoppedAndNotWhenItIsKilled() throws IOException {
    var stopped = directory.resolve("stopped");
    var killed = directory.resolve("killed");
    try (var one = ChildProcess.start(launch("one", Farewell.class, stopped));
        var two = ChildProcess.start(launch("two", Farewell.class, killed))) {
      one.awaitReady(() -> Files.exists(stopped), SOON);
      two.awaitReady(() -> Files.exists(killed), SOON);

      one.stop(SOON);
      two.kill();

      assertThat(stopped).hasContent("farewell");
      assertThat(killed).hasContent("ready");
    }
  }

  private static Launch launch(String name, Class<?> main, Path argument) {
    var directory = Files.isDirectory(argument) ? argument : argument.resolveSibling("");
    return new Launch(
        name,
        main.getName(),
        Launch.ourClassPath(),
        Launch.SMALL_JVM,
        List.of(argument.toString()),
        Map.of(),
        directory,
        directory.resolve(name + ".log"));
  }

  /// Starts a child that waits for ever, writes down its pid, and waits too.
  static final class Parent {
    public static void main(String[] args) throws Exception {
      var pid = Path.of(args[0]);
      var child = ChildProcess.start(launch("child", Waiting.class, pid));
      var complete = Files.writeString(pid.resolveSibling("pid.new"), "" + child.pid(), UTF_8);
      Files.move(complete, pid);
      Waiting.main(args);
    }
  }

  static final class Waiting {
    public static void main(String[] args) throws Exception {
      Thread.currentThread().join();
    }
  }

  /// Says so when it is ready and, after a moment, when it is told to end.
  static final class Farewell {
    public static void main(String[] args) throws Exception {
      var said = Path.of(args[0]);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> say(said, "farewell")));
      say(said, "ready");
      Waiting.main(args);
    }

    private static void say(Path file, String what) {
      try {
        var complete = Files.writeString(file.resolveSibling(file.getFileName() + ".new"), what);
        Files.move(complete, file, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  static final class Failing {
    public static void main(String[] args) {
      if (args.length == 1) {
        throw new IllegalStateException("the reason why");
      }
    }
  }
}

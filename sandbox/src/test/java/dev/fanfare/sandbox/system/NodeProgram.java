package dev.fanfare.sandbox.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// A program of `src/test/node`, in the hands of Node, with its libraries out of the public
/// registry in the versions that the lock file names.
///
/// Fanfare itself asks for no Node: where Node, npm or curl is missing, or the libraries can't be
/// fetched, the test is skipped and says so; with `-Dfanfare.test.node=required` it fails.
record NodeProgram(Path file) {
  private static final Path HOME = Path.of("src/test/node").toAbsolutePath();
  private static final Duration INSTALL_WITHIN = Duration.ofMinutes(3);

  /// Installs what the program needs.
  static NodeProgram named(String name) throws IOException, InterruptedException {
    for (var tool : List.of("node", "npm", "curl")) {
      if (!isThere(tool)) {
        giveUp(tool + " is not on the PATH");
      }
    }
    var installed = HOME.resolve("node_modules/.package-lock.json");
    var wanted = HOME.resolve("package-lock.json");
    if (!Files.exists(installed)
        || Files.getLastModifiedTime(installed).compareTo(Files.getLastModifiedTime(wanted)) < 0) {
      var log = Files.createTempFile("fanfare-npm-", ".log");
      var npm = List.of("npm", "ci", "--no-audit", "--no-fund");
      if (exit(npm, log.toFile(), log.toFile(), INSTALL_WITHIN) != 0) {
        giveUp("npm ci in " + HOME + " fails: " + Files.readString(log).strip());
      }
      Files.delete(log);
    }
    return new NodeProgram(HOME.resolve(name));
  }

  private static boolean isThere(String tool) {
    var path = System.getenv("PATH");
    return path != null
        && Stream.of(path.split(File.pathSeparator))
            .anyMatch(directory -> Files.isExecutable(Path.of(directory, tool)));
  }

  private static void giveUp(String reason) {
    if ("required".equals(System.getProperty("fanfare.test.node"))) {
      throw new IllegalStateException(reason);
    }
    abort("skipped: " + reason + "; nothing else here needs Node");
  }

  /// Runs it to its end.
  ///
  /// @return what it printed
  /// @throws IllegalStateException if it fails; what it complained of is in the message
  JsonNode run(Duration atMost, String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("node", file.toString()));
    command.addAll(List.of(arguments));
    var out = Files.createTempFile("fanfare-node-", ".json");
    var complaints = Files.createTempFile("fanfare-node-", ".log");
    int status = exit(command, out.toFile(), complaints.toFile(), atMost);
    if (status != 0) {
      throw new IllegalStateException(
          file.getFileName()
              + " ended with "
              + status
              + ": "
              + Files.readString(complaints, UTF_8)
              + Files.readString(out, UTF_8));
    }
    var report = new ObjectMapper().readTree(out.toFile());
    Files.delete(out);
    Files.delete(complaints);
    return report;
  }

  private static int exit(List<String> command, File out, File complaints, Duration atMost)
      throws IOException, InterruptedException {
    var process =
        new ProcessBuilder(command)
            .directory(HOME.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .redirectOutput(ProcessBuilder.Redirect.appendTo(out))
            .redirectError(ProcessBuilder.Redirect.appendTo(complaints))
            .start();
    if (!process.waitFor(atMost.toMillis(), MILLISECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      throw new IllegalStateException(String.join(" ", command) + " did not end in " + atMost);
    }
    return process.exitValue();
  }
}

package dev.fanfare.sandbox.system;

import dev.fanfare.sandbox.demo.ApiClient;
import dev.fanfare.testkit.process.ChildProcess;
import dev.fanfare.testkit.process.Launch;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The dispatcher's own program in a child JVM, out of its distribution, as in production: for
/// faults that must be real. [#kill] is `kill -9`.
///
/// One thread at a time kills and restarts.
final class DispatcherProcess implements AutoCloseable {
  private static final Duration READY_WITHIN = Duration.ofMinutes(3);
  private static final Path JAR = Path.of("../dispatcher/target/fanfare/lib/fanfare.jar");

  private final String name;
  private final Launch launch;
  private final ApiClient api;
  private ChildProcess process;

  private DispatcherProcess(String name, Launch launch, ApiClient api) {
    this.name = name;
    this.launch = launch;
    this.api = api;
    this.process = ChildProcess.start(launch);
  }

  /// `fanfare run` with the deployment's configuration; returns when it is ready.
  static DispatcherProcess start(Deployment deployment, Path directory) {
    return start(deployment, directory, "dispatcher", deployment.apiPort(), Map.of());
  }

  /// One of several processes of a deployment; returns when it is ready.
  ///
  /// @param name that its log goes by
  /// @param port of its HTTP server
  /// @param environment what it has besides the configuration
  static DispatcherProcess start(
      Deployment deployment,
      Path directory,
      String name,
      int port,
      Map<String, String> environment) {
    if (!Files.exists(JAR)) {
      throw new IllegalStateException(JAR.toAbsolutePath() + " is not there: package first");
    }
    var launch =
        new Launch(
            "the dispatcher",
            "dev.fanfare.dispatcher.cli.Main",
            JAR.toAbsolutePath().toString(),
            Stream.concat(Launch.KAFKA_FLAGS.stream(), Stream.of("-Xmx512m")).toList(),
            List.of("run", "--config", deployment.file().toAbsolutePath().toString()),
            environment,
            directory,
            directory.resolve(name + ".log"));
    var api = new ApiClient(URI.create("http://127.0.0.1:" + port));
    var dispatcher = new DispatcherProcess(name, launch, api);
    dispatcher.awaitReady();
    return dispatcher;
  }

  private void awaitReady() {
    process.awaitReady(this::isReady, READY_WITHIN);
  }

  private boolean isReady() {
    try {
      return api.get("/health/ready").isGood();
    } catch (IOException e) {
      return false; // not yet: that's the answer
    }
  }

  String name() {
    return name;
  }

  ApiClient api() {
    return api;
  }

  long pid() {
    return process.pid();
  }

  /// Ends it as `kill -9` does.
  void kill() {
    process.kill();
  }

  /// Tells it to end, as SIGTERM does; false if it has not done so in that time and was killed.
  boolean terminate(Duration atMost) {
    long deadline = System.nanoTime() + atMost.toNanos();
    process.stop(atMost);
    return System.nanoTime() < deadline;
  }

  /// Comes back with the same configuration; returns when it is ready.
  void restart() {
    process.kill(); // if it lives
    process = ChildProcess.start(launch);
    awaitReady();
  }

  /// Kills it: a test has no use for a slow farewell.
  @Override
  public void close() {
    process.kill();
  }
}

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

  private final Launch launch;
  private final ApiClient api;
  private ChildProcess process;

  private DispatcherProcess(Launch launch, ApiClient api) {
    this.launch = launch;
    this.api = api;
    this.process = ChildProcess.start(launch);
  }

  /// `fanfare run` with the deployment's configuration; returns when it is ready.
  static DispatcherProcess start(Deployment deployment, Path directory) {
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
            Map.of(),
            directory,
            directory.resolve("dispatcher.log"));
    var api = new ApiClient(URI.create("http://127.0.0.1:" + deployment.apiPort()));
    var dispatcher = new DispatcherProcess(launch, api);
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

  /// Comes back with the same configuration; returns when it is ready.
  void restart() {
    process.close();
    process = ChildProcess.start(launch);
    awaitReady();
  }

  @Override
  public void close() {
    process.close();
  }
}

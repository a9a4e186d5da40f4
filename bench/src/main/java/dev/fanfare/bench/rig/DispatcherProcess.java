package dev.fanfare.bench.rig;

import dev.fanfare.bench.control.ControlClient;
import dev.fanfare.testkit.process.ChildProcess;
import dev.fanfare.testkit.process.Launch;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// `fanfare run` in a child JVM, with the flags that its launcher gives it. [#kill] is `kill -9`.
public final class DispatcherProcess implements AutoCloseable {
  private static final Duration READY_WITHIN = Duration.ofMinutes(3);
  private static final List<String> LAUNCHER = List.of("-XX:+UseCompactObjectHeaders");

  private final ChildProcess process;
  private final ControlClient api;

  private DispatcherProcess(ChildProcess process, int port) {
    this.process = process;
    this.api = new ControlClient(port);
  }

  /// Returns at once; see [#awaitReady].
  ///
  /// @param jvmFlags flags on top of the launcher's
  static DispatcherProcess launch(Stage stage, String instance, int port, List<String> jvmFlags) {
    var flags = Stream.of(Launch.KAFKA_FLAGS, LAUNCHER, jvmFlags).flatMap(List::stream).toList();
    var launch =
        new Launch(
            "dispatcher " + instance,
            "dev.fanfare.dispatcher.cli.Main",
            Launch.ourClassPath(),
            flags,
            List.of("run", "--config", stage.file().toString()),
            Map.of(
                "FANFARE_INSTANCE",
                instance,
                "FANFARE_API_PORT",
                Integer.toString(port),
                "FANFARE_LOG_DIRECTORY",
                stage.directory().resolve("log-" + instance).toString()),
            stage.directory(),
            stage.directory().resolve(instance + ".log"));
    return new DispatcherProcess(ChildProcess.start(launch), port);
  }

  public DispatcherProcess awaitReady() {
    process.awaitReady(() -> api.isGood("/health/ready"), READY_WITHIN);
    return this;
  }

  public ControlClient api() {
    return api;
  }

  public Scrape metrics() {
    return Scrape.of(this);
  }

  public long pid() {
    return process.pid();
  }

  public void kill() {
    process.kill();
  }

  @Override
  public void close() {
    process.close();
  }
}

package dev.fanfare.sandbox;

import dev.fanfare.dispatcher.cli.ExitCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `fanfare dev`.
@Command(
    name = "dev",
    description =
        "Runs everything on this machine: Kafka, a schema registry, the dispatcher in all its roles,"
            + " and demo traffic. Data is kept until you delete the directory.")
public final class DevCommand implements Callable<Integer> {
  private static final Duration STOP_WITHIN = Duration.ofSeconds(25);

  @Option(
      names = "--port",
      defaultValue = "8080",
      description = "Port of API and dashboard (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--kafka-port",
      defaultValue = "9092",
      description = "Port of the Kafka broker (default: ${DEFAULT-VALUE}).")
  private int kafkaPort;

  @Option(
      names = "--registry-port",
      defaultValue = "8081",
      description = "Port of the schema registry (default: ${DEFAULT-VALUE}).")
  private int registryPort;

  @Option(
      names = "--data-dir",
      defaultValue = ".fanfare",
      description = "Where data and logs are kept (default: ${DEFAULT-VALUE}).")
  private Path directory = Path.of(".fanfare");

  @Option(names = "--no-demo", description = "No demo traffic, subscriptions and receivers.")
  private boolean withoutDemo;

  @Override
  public Integer call() throws InterruptedException {
    var settings = new SandboxSettings(port, kafkaPort, registryPort, directory, !withoutDemo);
    try {
      SandboxLog.writeTo(directory);
      var sandbox = Sandbox.start(settings, System.out::println);
      var ended = new CountDownLatch(1);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(sandbox, ended), "stop-sandbox"));
      Summary.of(sandbox).forEach(System.out::println);
      ended.await(); // until somebody ends the process
      return ExitCode.OK;
    } catch (CannotStart e) {
      System.err.println("fanfare: " + e.getMessage());
      return ExitCode.UNAVAILABLE;
    }
  }

  /// Within a bound: what hangs is left behind, and child processes end with this one anyway.
  private static void stop(Sandbox sandbox, CountDownLatch ended) {
    System.out.println("stopping ...");
    var closing = Thread.ofPlatform().daemon().name("close-sandbox").start(sandbox::close);
    try {
      if (!closing.join(STOP_WITHIN)) {
        System.err.println("not everything stopped in time; leaving");
      } else {
        System.out.println("stopped");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    ended.countDown();
  }
}

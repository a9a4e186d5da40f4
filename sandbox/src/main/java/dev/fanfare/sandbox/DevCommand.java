package dev.fanfare.sandbox;

import dev.fanfare.dispatcher.cli.ExitCode;
import dev.fanfare.testkit.process.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `fanfare dev`.
@Command(
    name = "dev",
    description =
        "Runs everything on this machine: Kafka, a schema registry, the dispatcher in all its"
            + " roles, and demo traffic. Data is kept until you delete the directory.")
public final class DevCommand implements Callable<Integer> {
  private static final Duration STOP_WITHIN = Duration.ofSeconds(25);
  private static final Duration DELIVERED_WITHIN = Duration.ofSeconds(60);

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

  @Option(
      names = "--check",
      description =
          "Starts everything on free ports in a temporary directory, waits for the first delivery"
              + " of the demo and stops again: does it work on this machine?")
  private boolean check;

  @Override
  public Integer call() throws IOException, InterruptedException {
    return check ? check() : run();
  }

  private int check() throws IOException, InterruptedException {
    var place = Files.createTempDirectory("fanfare-check-");
    var settings =
        new SandboxSettings(Ports.free(), Ports.free(), Ports.free(), place, /* demo= */ true);
    SandboxLog.writeTo(place);
    try (var sandbox = Sandbox.start(settings, DevCommand::say)) {
      if (!sandbox.awaitDemo(DELIVERED_WITHIN)) {
        System.err.printf(
            "fanfare: nothing was delivered within %d s; see %s%n",
            DELIVERED_WITHIN.toSeconds(), SandboxLog.below(place));
        return ExitCode.UNAVAILABLE;
      }
      System.out.printf(
          "works: up after %.1f s, and the demo's first event was delivered%n",
          sandbox.took().toMillis() / 1000.0);
    } catch (CannotStart e) {
      System.err.println("fanfare: " + e.getMessage());
      return ExitCode.UNAVAILABLE;
    }
    delete(place);
    return ExitCode.OK;
  }

  private static void say(String line) {
    System.out.println(line);
  }

  private static void delete(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  private int run() throws InterruptedException {
    var settings = new SandboxSettings(port, kafkaPort, registryPort, directory, !withoutDemo);
    try {
      SandboxLog.writeTo(directory);
      var sandbox = Sandbox.start(settings, DevCommand::say);
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

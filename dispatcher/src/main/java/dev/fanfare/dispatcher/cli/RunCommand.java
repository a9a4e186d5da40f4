package dev.fanfare.dispatcher.cli;

import dev.fanfare.dispatcher.app.Fanfare;
import dev.fanfare.dispatcher.app.Role;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// `fanfare run`: the dispatcher, until it is told to stop.
@Command(
    name = "run",
    description = "Runs the dispatcher against an existing cluster, until SIGTERM or Ctrl-C.",
    footer = {
      "",
      "Examples:",
      "  fanfare run --config fanfare.yaml",
      "  FANFARE_KAFKA_BOOTSTRAP_SERVERS=kafka:9092 fanfare run --roles fanout,deliver,retry"
    })
final class RunCommand implements Callable<Integer> {
  @Mixin private ConfigOptions config = new ConfigOptions();

  @Option(
      names = "--roles",
      split = ",",
      paramLabel = "ROLE",
      converter = RoleWords.class,
      description =
          "What this process does: fanout, deliver, retry, log, api. Default: as configured.")
  private List<Role> roles = List.of();

  @Override
  public Integer call() throws InterruptedException {
    var settings = config.load();
    var fanfare =
        roles.isEmpty()
            ? Fanfare.start(settings)
            : Fanfare.start(settings, roles.stream().collect(Collectors.toSet()));
    var stopped = new CountDownLatch(1);
    // On SIGTERM the process ends when its hooks have; main must not end it before.
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  fanfare.close();
                  stopped.countDown();
                },
                "fanfare-shutdown"));
    stopped.await();
    return ExitCode.OK;
  }

  /// Reads the words of roles.
  static final class RoleWords implements ITypeConverter<Role> {
    @Override
    public Role convert(String word) {
      return Role.find(word.strip())
          .orElseThrow(() ->
              new TypeConversionException(
                  "is none of "
                      + Stream.of(Role.values())
                          .map(Role::word)
                          .collect(Collectors.joining(", "))));
    }
  }
}

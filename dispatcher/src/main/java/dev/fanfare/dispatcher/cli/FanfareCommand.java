package dev.fanfare.dispatcher.cli;

import dev.fanfare.dispatcher.cluster.UnusableCluster;
import dev.fanfare.dispatcher.config.InvalidConfig;
import java.io.UncheckedIOException;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/// `fanfare` itself. [#create] gives the whole command line, to which other programs may add
/// subcommands of their own.
@Command(
    name = "fanfare",
    description = "Delivers email events from Kafka to webhooks: signed, retried, logged.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    scope = ScopeType.INHERIT,
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Exit codes: 0 done, 1 failed, 2 wrong usage, 69 something is not available, 78"
          + " configuration.",
      "Every command explains itself with --help."
    },
    subcommands = {
      RunCommand.class,
      TopicsCommand.class,
      EventsCommand.class,
      SubscriptionsCommand.class,
      TenantsCommand.class,
      KeysCommand.class,
      KeysetCommand.class,
      DeliveriesCommand.class,
      DeadLettersCommand.class,
      LedgerCommand.class,
      ReplaysCommand.class,
      ListenCommand.class,
      CompletionCommand.class
    })
public final class FanfareCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "On failure show the whole stack trace.")
  private boolean verbose;

  private FanfareCommand() {}

  /// The command line with error handling and exit codes as documented.
  public static CommandLine create() {
    var command = new FanfareCommand();
    return new CommandLine(command)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true)
        .setExitCodeExceptionMapper(FanfareCommand::exitCode)
        .setExecutionExceptionHandler(command::explain)
        .setParameterExceptionHandler(FanfareCommand::explainUsage);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }

  private int explain(Exception failure, CommandLine line, ParseResult parsed) {
    var err = line.getErr();
    err.println("fanfare: " + Text.printable(message(failure)));
    if (verbose) {
      failure.printStackTrace(err);
    }
    err.flush();
    return exitCode(failure);
  }

  private static String message(Exception failure) {
    return switch (failure) {
      case InvalidConfig invalid ->
          invalid.problems().size() == 1
              ? String.valueOf(invalid.getMessage())
              : "the configuration has %d faults%n%s"
                  .formatted(
                      invalid.problems().size(),
                      invalid.problems().stream()
                          .map(problem -> "  " + problem)
                          .collect(Collectors.joining("\n")));
      case CommandFailed failed -> String.valueOf(failed.getMessage());
      case UnusableCluster unusable -> String.valueOf(unusable.getMessage());
      case UncheckedIOException io -> String.valueOf(io.getMessage());
      default -> "unexpected: " + failure + " (--verbose shows more)";
    };
  }

  private static int exitCode(Throwable failure) {
    return switch (failure) {
      case InvalidConfig _ -> ExitCode.CONFIG;
      case CommandFailed failed -> failed.exitCode();
      case UnusableCluster _, UncheckedIOException _ -> ExitCode.UNAVAILABLE;
      default -> ExitCode.FAILED;
    };
  }

  private static int explainUsage(ParameterException wrong, String[] args) {
    var line = wrong.getCommandLine();
    var err = line.getErr();
    err.println("fanfare: " + Text.printable(String.valueOf(wrong.getMessage())));
    if (!UnmatchedArgumentException.printSuggestions(wrong, err)) {
      err.println("See " + line.getCommandSpec().qualifiedName() + " --help");
    }
    err.flush();
    return ExitCode.USAGE;
  }
}

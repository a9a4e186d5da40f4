package dev.fanfare.bench;

import dev.fanfare.dispatcher.cli.FanfareCommand;
import picocli.CommandLine;

/// The program that `./fanfare bench` starts: every command of the dispatcher, and `bench`.
public final class BenchMain {
  private BenchMain() {}

  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return FanfareCommand.create()
        .addSubcommand(new BenchCommand())
        .setCaseInsensitiveEnumValuesAllowed(true);
  }
}

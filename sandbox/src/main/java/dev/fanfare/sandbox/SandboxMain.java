package dev.fanfare.sandbox;

import dev.fanfare.dispatcher.cli.FanfareCommand;

/// The program that `./fanfare` starts: every command of the dispatcher, and `dev`. (`bench` is one
/// more, which `./fanfare` builds when it is asked for.)
public final class SandboxMain {
  private SandboxMain() {}

  public static void main(String[] args) {
    System.exit(FanfareCommand.create().addSubcommand(new DevCommand()).execute(args));
  }
}

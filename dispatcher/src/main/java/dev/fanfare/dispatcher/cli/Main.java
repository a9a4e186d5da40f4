package dev.fanfare.dispatcher.cli;

/// The program `fanfare` of a production distribution.
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.exit(FanfareCommand.create().execute(args));
  }
}

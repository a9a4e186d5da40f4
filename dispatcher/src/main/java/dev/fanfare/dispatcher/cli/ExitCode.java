package dev.fanfare.dispatcher.cli;

/// What the shell is told, after BSD's `sysexits`.
public final class ExitCode {
  public static final int OK = 0;
  public static final int FAILED = 1;
  public static final int USAGE = 2;

  /// Kafka, the registry or the API can't be reached or are unfit.
  public static final int UNAVAILABLE = 69;

  public static final int CONFIG = 78;

  private ExitCode() {}
}

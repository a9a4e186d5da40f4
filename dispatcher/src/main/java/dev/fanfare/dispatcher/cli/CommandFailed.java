package dev.fanfare.dispatcher.cli;

/// Ends a command with a message for people and an exit code.
final class CommandFailed extends RuntimeException {
  private final int exitCode;

  CommandFailed(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  CommandFailed(int exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  int exitCode() {
    return exitCode;
  }
}

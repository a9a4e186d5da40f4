package dev.fanfare.sandbox;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/// Sends the components' log to a file, so that the console keeps to what its user wants to know;
/// errors go to both.
final class SandboxLog {
  private static final String CONFIGURATION = "/dev/fanfare/sandbox/logback.xml";

  private SandboxLog() {}

  /// Where the logs are, in a sandbox's directory.
  static Path below(Path directory) {
    return directory.resolve("logs");
  }

  static void writeTo(Path directory) {
    var logs = below(directory).toAbsolutePath();
    try {
      Files.createDirectories(logs);
    } catch (IOException e) {
      throw new CannotStart(logs + " can't be made: " + e, e);
    }
    if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext logback)) {
      return; // another binding was put there on purpose, and has its own ways
    }
    logback.reset();
    logback.putProperty("logs", logs.toString());
    var configurator = new JoranConfigurator();
    configurator.setContext(logback);
    try {
      configurator.doConfigure(SandboxLog.class.getResource(CONFIGURATION));
    } catch (JoranException e) {
      throw new IllegalStateException(CONFIGURATION + " is not right", e);
    }
  }
}

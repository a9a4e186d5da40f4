package dev.fanfare.dispatcher.cli;

import dev.fanfare.dispatcher.egress.signature.Verifier;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `fanfare listen`: an endpoint to try things with.
@Command(
    name = "listen",
    description = {
      "Listens like a webhook endpoint, prints what arrives, and verifies signatures.",
      "What does not verify is answered with 401, as a real endpoint should."
    },
    footer = {
      "",
      "Examples:",
      "  fanfare listen --port 9999 --secret whsec_...",
      "  fanfare listen --port 9999 --status 503    (to watch the retries)",
      "",
      "Fanfare itself connects to this machine only with egress.allow_http: true and",
      "egress.allowed_networks: [127.0.0.0/8], which fanfare dev sets."
    })
final class ListenCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Option(names = "--host", defaultValue = "127.0.0.1", description = "Default: 127.0.0.1.")
  private String host = "";

  @Option(
      names = "--port",
      defaultValue = "9999",
      description = "Port to listen on, 0 for a free one. Default: 9999.")
  private int port;

  @Option(
      names = "--secret",
      paramLabel = "KEY",
      description =
          "whsec_... or whpk_...; may be given several times. Without, nothing is verified.")
  private List<String> secrets = List.of();

  @Option(names = "--status", defaultValue = "204", description = "What to answer. Default: 204.")
  private int status;

  @Override
  public Integer call() throws InterruptedException {
    require(status >= 200 && status <= 599, "--status must be from 200 to 599");
    require(port >= 0 && port <= 65_535, "--port must be from 0 to 65535");
    var keys = secrets.stream().map(this::key).toList();
    var out = spec.commandLine().getOut();
    try (var receiver = Receiver.start(host, port, keys, status, out)) {
      out.printf("listening on http://%s:%d, answering %d%n", host, receiver.port(), status);
      out.flush();
      new CountDownLatch(1).await(); // until Ctrl-C
    } catch (UncheckedIOException e) {
      throw new CommandFailed(
          ExitCode.UNAVAILABLE, "can't listen on %s:%d: %s".formatted(host, port, why(e)), e);
    }
    return ExitCode.OK;
  }

  private static String why(UncheckedIOException e) {
    return e.getCause() == null ? e.toString() : String.valueOf(e.getCause().getMessage());
  }

  private Verifier key(String text) {
    try {
      return Verifier.parse(text);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--secret: " + e.getMessage(), e);
    }
  }

  private void require(boolean condition, String message) {
    if (!condition) {
      throw new ParameterException(spec.commandLine(), message);
    }
  }
}

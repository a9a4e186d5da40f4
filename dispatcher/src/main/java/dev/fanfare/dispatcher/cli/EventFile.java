package dev.fanfare.dispatcher.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalLong;
import picocli.CommandLine.Model.CommandSpec;

/// A file of events, one a line (NDJSON), handed in as one stream.
final class EventFile {
  private final String file;
  private final String key;

  /// @param file its path, or `-` for stdin
  /// @param key which makes the request the same when it comes again
  EventFile(String file, String key) {
    this.file = file;
    this.key = key;
  }

  /// @return the exit code: a failure if a line was refused
  int send(ApiClient api, ClientOptions client, CommandSpec spec) {
    JsonNode answer;
    try (var lines = SendProgress.of(open(), size(), spec.commandLine().getErr())) {
      answer = api.postLines("/v1/events", lines, key);
    } catch (CommandFailed e) {
      throw new CommandFailed(e.exitCode(), e.getMessage() + hint(), e);
    } catch (IOException e) {
      throw new CommandFailed(ExitCode.FAILED, file + " can't be closed", e);
    }
    var out = spec.commandLine().getOut();
    if (client.json()) {
      out.println(answer);
    } else {
      print(out, answer);
    }
    out.flush();
    return answer.path("refused").asLong() == 0 ? ExitCode.OK : ExitCode.FAILED;
  }

  private String hint() {
    return "\nTo send it again so that nothing is made twice: --idempotency-key " + key;
  }

  private static void print(PrintWriter out, JsonNode answer) {
    out.println(
        String.format(
            Locale.ROOT,
            "%,d accepted, %,d refused",
            answer.path("accepted").asLong(),
            answer.path("refused").asLong()));
    for (var error : answer.path("errors")) {
      out.println(Text.printable(ApiClient.shown(error)));
    }
    long more = answer.path("errors_left_out").asLong();
    if (more > 0) {
      out.println(String.format(Locale.ROOT, "  and %,d more", more));
    }
  }

  private InputStream open() {
    try {
      return file.equals("-") ? System.in : Files.newInputStream(Path.of(file));
    } catch (IOException e) {
      throw new CommandFailed(ExitCode.FAILED, file + " can't be read", e);
    }
  }

  private OptionalLong size() {
    try {
      return file.equals("-") ? OptionalLong.empty() : OptionalLong.of(Files.size(Path.of(file)));
    } catch (IOException e) {
      return OptionalLong.empty(); // then there is no bar
    }
  }
}

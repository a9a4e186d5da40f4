package dev.fanfare.dispatcher.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `fanfare replays`: the jobs that deliver again.
@Command(
    name = "replays",
    description =
        "Shows and steers replays; `dead-letters replay` and `deliveries replay` make them.",
    synopsisSubcommandLabel = "COMMAND")
final class ReplaysCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "list, show, pause, resume or cancel?");
  }

  @Command(name = "list", description = "Lists replays, the newest first.")
  int list(
      @Mixin ClientOptions client,
      @Option(
              names = "--limit",
              defaultValue = "50",
              description = "At most so many, 1 to 200. Default: ${DEFAULT-VALUE}.")
          int limit,
      @Option(names = "--tenant", description = "Only of this tenant.") Optional<String> tenant) {
    JsonNode items;
    try (var api = ApiClient.of(client)) {
      items =
          api.get(
                  ReplayRequests.PATH
                      + "?limit="
                      + limit
                      + tenant.map(it -> "&tenant=" + ApiClient.encoded(it)).orElse(""))
              .path("items");
    }
    if (client.json()) {
      out().println(items);
    } else {
      out().print(table(items));
    }
    out().flush();
    return ExitCode.OK;
  }

  private static String table(JsonNode items) {
    var rows = new ArrayList<List<String>>();
    rows.add(List.of("ID", "SOURCE", "STATE", "RELEASED", "TOTAL", "MADE"));
    for (var item : items) {
      rows.add(
          List.of(
              item.path("id").asText(),
              item.path("source").asText(),
              item.path("state").asText(),
              item.path("released").asText(),
              item.path("total").asText(),
              item.path("created_at").asText()));
    }
    return Text.table(rows);
  }

  @Command(name = "show", description = "Shows one replay.")
  int show(
      @Mixin ClientOptions client,
      @Parameters(paramLabel = "ID") String id,
      @Option(names = "--follow", description = "Go on until it is over or stands still.")
          boolean follow) {
    try (var api = ApiClient.of(client)) {
      var path = ReplayRequests.PATH + "/" + ApiClient.encoded(id);
      var job =
          follow ? ReplayWatch.of(progress(client)).follow(id, () -> api.get(path)) : api.get(path);
      if (!follow || client.json()) {
        Output.print(out(), client, job);
      }
    }
    return ExitCode.OK;
  }

  /// Where the result is for a program, progress goes elsewhere.
  private PrintWriter progress(ClientOptions client) {
    return client.json() ? spec.commandLine().getErr() : out();
  }

  @Command(name = "pause", description = "Lets a replay stand still; what is released stays so.")
  int pause(@Mixin ClientOptions client, @Parameters(paramLabel = "ID") String id) {
    return command(client, id, "pause");
  }

  @Command(name = "resume", description = "Lets a paused replay go on where it stopped.")
  int resume(@Mixin ClientOptions client, @Parameters(paramLabel = "ID") String id) {
    return command(client, id, "resume");
  }

  @Command(name = "cancel", description = "Ends a replay; what is released stays so.")
  int cancel(@Mixin ClientOptions client, @Parameters(paramLabel = "ID") String id) {
    return command(client, id, "cancel");
  }

  private int command(ClientOptions client, String id, String word) {
    try (var api = ApiClient.of(client)) {
      var job =
          api.post(
              ReplayRequests.PATH + "/" + ApiClient.encoded(id) + "/" + word,
              ApiClient.JSON.createObjectNode());
      if (client.json()) {
        out().println(job);
      } else {
        out().println(word + ": " + ReplayWatch.line(job));
      }
      out().flush();
    }
    return ExitCode.OK;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}

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

/// `fanfare deliveries`: what became of events on their way to endpoints.
@Command(
    name = "deliveries",
    description = "Finds deliveries in the log, shows their history, delivers again.",
    synopsisSubcommandLabel = "COMMAND")
final class DeliveriesCommand implements Runnable {
  private static final String PATH = "/v1/deliveries";

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "list, show or replay?");
  }

  @Command(
      name = "list",
      description = "Lists deliveries, the newest first.",
      footer = {
        "",
        "Examples:",
        "  fanfare deliveries list --status retrying --subscription sub_1",
        "  fanfare deliveries list --recipient ada@example.com --since 2026-11-24T00:00:00Z --json"
      })
  int list(
      @Mixin ClientOptions client,
      @Mixin LogOptions asked,
      @Option(
              names = "--status",
              description = "pending, retrying, delivered, dead_lettered or cancelled.")
          Optional<String> status,
      @Option(names = "--recipient", description = "Of this mailbox.") Optional<String> recipient,
      @Option(names = "--event", description = "Of this event.") Optional<String> event,
      @Option(names = "--message", description = "Of this mail.") Optional<String> message) {
    var query = asked.query();
    status.ifPresent(it -> query.and("status", it));
    recipient.ifPresent(it -> query.and("recipient", it));
    event.ifPresent(it -> query.and("event_id", it));
    message.ifPresent(it -> query.and("message_id", it));
    var found = LogOptions.pages(client, PATH, query, asked.most());
    if (client.json()) {
      found.printJson(out());
    } else {
      found.printTable(
          out(),
          List.of("ID", "STATUS", "ATTEMPTS", "TYPE", "RECIPIENT", "CREATED", "LAST"),
          DeliveriesCommand::row);
    }
    return ExitCode.OK;
  }

  private static List<String> row(JsonNode item) {
    return List.of(
        item.path("id").asText(),
        item.path("status").asText(),
        item.path("attempts").asText(),
        item.path("type").asText(),
        item.path("recipient").asText(),
        item.path("created_at").asText(),
        LogOptions.last(item));
  }

  @Command(name = "show", description = "Shows one delivery with everything that was tried.")
  int show(@Mixin ClientOptions client, @Parameters(paramLabel = "ID") String id) {
    try (var api = ApiClient.of(client)) {
      var json = api.get(PATH + "/" + ApiClient.encoded(id));
      if (client.json()) {
        out().println(json);
      } else {
        print(out(), json);
      }
    }
    out().flush();
    return ExitCode.OK;
  }

  private static void print(PrintWriter out, JsonNode json) {
    var fields = new ArrayList<List<String>>();
    for (var field : json.properties()) {
      if (!field.getKey().equals("history") && !field.getValue().isNull()) {
        var value = field.getValue();
        fields.add(List.of(field.getKey(), value.isValueNode() ? value.asText() : "" + value));
      }
    }
    out.print(Text.table(fields));
    var attempts = new ArrayList<List<String>>();
    attempts.add(List.of("ATTEMPT", "STARTED", "OUTCOME", "STATUS", "MS", "ANSWER"));
    for (var attempt : json.path("history")) {
      attempts.add(
          List.of(
              attempt.path("attempt").asText(),
              attempt.path("started_at").asText(),
              attempt.path("outcome").asText(),
              attempt.path("status").isNull()
                  ? attempt.path("error").asText("-")
                  : attempt.path("status").asText(),
              millis(attempt.path("timings_us").path("total")),
              shortened(
                  attempt.path("response_body").isNull()
                      ? attempt.path("error_message").asText("")
                      : attempt.path("response_body").asText(""))));
    }
    if (attempts.size() > 1) {
      out.println();
      out.print(Text.table(attempts));
    }
  }

  private static String millis(JsonNode micros) {
    return micros.isNumber() ? Long.toString(micros.asLong() / 1_000) : "-";
  }

  private static String shortened(String text) {
    var line = text.replaceAll("\\s+", " ").strip();
    return line.length() <= 60 ? line : line.substring(0, 60) + "…";
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  @Command(
      name = "replay",
      description = "Delivers one delivery again, whatever became of it, with the same webhook-id.")
  int replay(
      @Mixin ClientOptions client,
      @Parameters(paramLabel = "ID") String id,
      @Option(names = "--no-wait", description = "Return at once.") boolean noWait) {
    try (var api = ApiClient.of(client)) {
      return new ReplayRequests(client, spec.commandLine())
          .make(
              api,
              "/v1/deliveries/" + ApiClient.encoded(id) + "/replay",
              ApiClient.JSON.createObjectNode(),
              !noWait);
    }
  }
}

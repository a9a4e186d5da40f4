package dev.fanfare.dispatcher.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `fanfare subscriptions`: who gets which events.
@Command(
    name = "subscriptions",
    description = "Makes, shows and removes subscriptions.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = SubscriptionCreateCommand.class)
final class SubscriptionsCommand implements Runnable {
  private static final String PATH = "/v1/subscriptions";

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "create, list, show or delete?");
  }

  @Command(
      name = "list",
      description = "Lists all subscriptions, in the order in which they were made.",
      footer = {"", "Example:", "  fanfare subscriptions list --tenant acme --json"})
  int list(
      @Mixin ClientOptions client,
      @Option(names = "--tenant", description = "Only of this tenant.") Optional<String> tenant) {
    var items = new ArrayList<JsonNode>();
    try (var api = ApiClient.of(client)) {
      var cursor = "";
      do {
        var page =
            api.get(
                PATH
                    + "?limit=200"
                    + tenant.map(it -> "&tenant=" + ApiClient.encoded(it)).orElse("")
                    + (cursor.isEmpty() ? "" : "&cursor=" + ApiClient.encoded(cursor)));
        page.path("items").forEach(items::add);
        cursor = page.path("next_cursor").asText("");
      } while (!cursor.isEmpty() && !cursor.equals("null"));
    }
    if (client.json()) {
      print(client, ApiClient.JSON.createArrayNode().addAll(items));
      return ExitCode.OK;
    }
    var rows = new ArrayList<List<String>>();
    rows.add(List.of("ID", "TENANT", "STATUS", "EVENT TYPES", "URL"));
    for (var item : items) {
      rows.add(
          List.of(
              item.path("id").asText(),
              item.path("tenant").asText(),
              item.path("status").asText(),
              joined(item.path("event_types")),
              item.path("url").asText()));
    }
    out().print(Text.table(rows));
    out().flush();
    return ExitCode.OK;
  }

  @Command(name = "show", description = "Shows one subscription.")
  int show(
      @Mixin ClientOptions client,
      @Parameters(paramLabel = "ID") String id,
      @Option(names = "--secret", description = "Show what signatures are checked with instead.")
          boolean secret) {
    try (var api = ApiClient.of(client)) {
      print(client, api.get(PATH + "/" + ApiClient.encoded(id) + (secret ? "/secret" : "")));
    }
    return ExitCode.OK;
  }

  @Command(name = "delete", description = "Removes one subscription; what waits for it is dropped.")
  int delete(@Mixin ClientOptions client, @Parameters(paramLabel = "ID") String id) {
    try (var api = ApiClient.of(client)) {
      api.delete(PATH + "/" + ApiClient.encoded(id));
    }
    if (!client.json()) {
      out().println("deleted " + Text.printable(id));
      out().flush();
    }
    return ExitCode.OK;
  }

  private void print(ClientOptions client, JsonNode json) {
    print(out(), client, json);
  }

  /// JSON as it is for programs, a line a field for people.
  static void print(PrintWriter out, ClientOptions client, JsonNode json) {
    if (client.json()) {
      out.println(json);
    } else {
      var rows = new ArrayList<List<String>>();
      for (var field : json.properties()) {
        var value = field.getValue();
        if (!value.isNull() && !(value.isContainerNode() && value.isEmpty())) {
          rows.add(List.of(field.getKey(), shown(value)));
        }
      }
      out.print(Text.table(rows));
    }
    out.flush();
  }

  private static String shown(JsonNode value) {
    return value.isArray() ? joined(value) : value.isValueNode() ? value.asText() : "" + value;
  }

  private static String joined(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .map(JsonNode::asText)
        .collect(Collectors.joining(","));
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}

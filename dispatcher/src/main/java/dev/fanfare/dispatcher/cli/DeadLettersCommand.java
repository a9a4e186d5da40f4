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
import picocli.CommandLine.Spec;

/// `fanfare dead-letters`: what never arrived.
@Command(
    name = "dead-letters",
    description = "Shows what ended without success, one by one or by fault; delivers it again.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = DeadLetterReplayCommand.class)
final class DeadLettersCommand implements Runnable {
  private static final String PATH = "/v1/dead-letters";

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "list, groups or replay?");
  }

  @Command(
      name = "list",
      description = "Lists dead letters, the latest first.",
      footer = {"", "Example:", "  fanfare dead-letters list --reason expired --tenant acme"})
  int list(
      @Mixin ClientOptions client,
      @Mixin LogOptions asked,
      @Option(names = "--reason", description = "Only of this reason, e.g. expired.")
          Optional<String> reason) {
    var query = asked.query();
    reason.ifPresent(it -> query.and("reason", it));
    var found = LogOptions.pages(client, PATH, query, asked.most());
    if (client.json()) {
      found.printJson(out());
    } else {
      found.printTable(
          out(),
          List.of("ID", "SUBSCRIPTION", "ATTEMPTS", "TYPE", "RECIPIENT", "DIED", "LAST"),
          DeadLettersCommand::row);
    }
    return ExitCode.OK;
  }

  private static List<String> row(JsonNode item) {
    return List.of(
        item.path("id").asText(),
        item.path("subscription_id").asText(),
        item.path("attempts").asText(),
        item.path("type").asText(),
        item.path("recipient").asText(),
        item.path("updated_at").asText(),
        LogOptions.last(item));
  }

  @Command(
      name = "groups",
      description = "Groups dead letters by subscription, reason and the look of the last answer.")
  int groups(
      @Mixin ClientOptions client,
      @Option(names = "--subscription", description = "Only of this subscription.")
          Optional<String> subscription,
      @Option(names = "--tenant", description = "Only of this tenant.") Optional<String> tenant) {
    var query = new LogOptions.Query();
    subscription.ifPresent(it -> query.and("subscription", it));
    tenant.ifPresent(it -> query.and("tenant", it));
    try (var api = ApiClient.of(client)) {
      var json = api.get(PATH + "/groups?" + query);
      if (client.json()) {
        out().println(json);
      } else {
        var rows = new ArrayList<List<String>>();
        rows.add(
            List.of("COUNT", "SUBSCRIPTION", "REASON", "LAST", "FINGERPRINT", "FIRST", "LATEST"));
        for (var group : json.path("items")) {
          rows.add(
              List.of(
                  group.path("count").asText(),
                  group.path("subscription_id").asText(),
                  group.path("reason").asText(),
                  group.path("last_status").isNumber()
                      ? group.path("last_status").asText()
                      : group.path("last_error").asText("-"),
                  group.path("fingerprint").asText(),
                  group.path("first_at").asText(),
                  group.path("last_at").asText()));
        }
        out().print(Text.table(rows));
      }
    }
    out().flush();
    return ExitCode.OK;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}

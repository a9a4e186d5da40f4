package dev.fanfare.dispatcher.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `fanfare ledger`: whether every delivery is where it should be.
@Command(
    name = "ledger",
    description = {
      "Shows how many deliveries were opened and what became of them, and lists those that are",
      "nowhere. Exits with 1 when there are any."
    })
final class LedgerCommand implements Callable<Integer> {
  private static final String PATH = "/v1/ledger";

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private ClientOptions client;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Override
  public Integer call() {
    var out = spec.commandLine().getOut();
    try (var api = ApiClient.of(client)) {
      var sum = api.get(PATH);
      var lost = api.get(PATH + "/unaccounted");
      if (client.json()) {
        var json = ApiClient.JSON.createObjectNode();
        json.set("ledger", sum);
        json.set("unaccounted", lost.path("items"));
        out.println(json);
      } else {
        Output.print(out, client, sum);
        if (!lost.path("items").isEmpty()) {
          var rows = new ArrayList<List<String>>();
          rows.add(List.of("ID", "FINDING", "SUBSCRIPTION", "ATTEMPTS", "LAST SEEN"));
          for (var item : lost.path("items")) {
            rows.add(
                List.of(
                    item.path("id").asText(),
                    item.path("finding").asText(),
                    item.path("subscription_id").asText(),
                    item.path("attempts").asText(),
                    item.path("last_seen_at").asText()));
          }
          out.println();
          out.print(Text.table(rows));
        }
      }
      out.flush();
      return sum.path("unaccounted").asLong() == 0 ? ExitCode.OK : ExitCode.FAILED;
    }
  }
}

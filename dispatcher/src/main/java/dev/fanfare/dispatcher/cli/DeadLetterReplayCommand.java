package dev.fanfare.dispatcher.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `fanfare dead-letters replay`.
@Command(
    name = "replay",
    description = {
      "Delivers again what died, all of it or what the options select. All that are given must",
      "hold. The same webhook-id is sent. Ctrl-C leaves the replay running."
    },
    footer = {
      "",
      "Examples:",
      "  fanfare dead-letters replay --subscription sub_1 --dry-run",
      "  fanfare dead-letters replay --subscription sub_1 --reason expired --rate 200",
      "  fanfare dead-letters replay --fingerprint 4918c20f455e7d2a --since 2026-11-24T00:00:00Z"
    })
final class DeadLetterReplayCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Mixin private ClientOptions client = new ClientOptions();

  @Option(names = "--subscription", paramLabel = "ID", description = "Of this subscription.")
  private Optional<String> subscription = Optional.empty();

  @Option(names = "--tenant", description = "Of this tenant.")
  private Optional<String> tenant = Optional.empty();

  @Option(
      names = "--type",
      split = ",",
      description = "Of these event types, exact or as email.*; commas between.")
  private List<String> types = List.of();

  @Option(
      names = "--reason",
      split = ",",
      description = "That died for these reasons, e.g. expired or gone; commas between.")
  private List<String> reasons = List.of();

  @Option(names = "--fingerprint", description = "Whose last answer has this fingerprint.")
  private Optional<String> fingerprint = Optional.empty();

  @Option(names = "--since", paramLabel = "TIME", description = "That died at this time or later.")
  private Optional<String> since = Optional.empty();

  @Option(names = "--until", paramLabel = "TIME", description = "That died before this time.")
  private Optional<String> until = Optional.empty();

  @Option(names = "--rate", description = "Most deliveries a second.")
  private Optional<Double> rate = Optional.empty();

  @Option(names = "--dry-run", description = "Only count.")
  private boolean dryRun;

  @Option(names = "--no-wait", description = "Return at once.")
  private boolean noWait;

  @Override
  public Integer call() {
    try (var api = ApiClient.of(client)) {
      return new ReplayRequests(client, spec.commandLine())
          .make(api, ReplayRequests.PATH, wish(), !noWait);
    }
  }

  private ObjectNode wish() {
    var wish = ApiClient.JSON.createObjectNode().put("source", "dead-letters");
    var filter = wish.putObject("filter");
    subscription.ifPresent(it -> filter.put("subscription", it));
    tenant.ifPresent(it -> filter.put("tenant", it));
    put(filter, "types", types);
    put(filter, "reasons", reasons);
    fingerprint.ifPresent(it -> filter.put("fingerprint", it));
    since.ifPresent(it -> filter.put("since", it));
    until.ifPresent(it -> filter.put("until", it));
    rate.ifPresent(it -> wish.put("rate", it));
    return wish.put("dry_run", dryRun);
  }

  private static void put(ObjectNode filter, String name, List<String> values) {
    if (!values.isEmpty()) {
      values.forEach(filter.putArray(name)::add);
    }
  }
}

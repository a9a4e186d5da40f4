package dev.fanfare.dispatcher.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    description = "Makes, shows, changes and removes subscriptions.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {SubscriptionCreateCommand.class, SubscriptionPreviewCommand.class})
final class SubscriptionsCommand implements Runnable {
  private static final String PATH = "/v1/subscriptions";

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "create, preview, list, show, pause, resume, rotate-secret, test, verify or delete?");
  }

  @Command(
      name = "list",
      description = "Lists all subscriptions, in the order in which they were made.",
      footer = {"", "Example:", "  fanfare subscriptions list --tenant acme --json"})
  int list(
      @Mixin ClientOptions client,
      @Option(names = "--tenant", description = "Only of this tenant.") Optional<String> tenant) {
    var query = tenant.map(it -> Map.of("tenant", it)).orElse(Map.of());
    try (var api = ApiClient.of(client)) {
      Output.print(
          out(),
          client,
          api.list(PATH, query),
          List.of("id", "tenant", "status", "event_types", "url"));
    }
    return ExitCode.OK;
  }

  @Command(name = "show", description = "Shows one subscription.")
  int show(
      @Mixin ClientOptions client,
      @Parameters(paramLabel = "ID") String id,
      @Option(names = "--secret", description = "Show what signatures are checked with instead.")
          boolean secret) {
    try (var api = ApiClient.of(client)) {
      Output.print(
          out(), client, api.get(PATH + "/" + ApiClient.encoded(id) + (secret ? "/secret" : "")));
    }
    return ExitCode.OK;
  }

  @Command(name = "delete", description = "Removes one subscription; what waits for it is dropped.")
  int delete(@Mixin ClientOptions client, @Parameters(paramLabel = "ID") String id) {
    try (var api = ApiClient.of(client)) {
      api.delete(PATH + "/" + ApiClient.encoded(id));
    }
    Output.say(out(), client, "deleted " + id);
    return ExitCode.OK;
  }

  @Command(
      name = "pause",
      description = "Sends nothing to one subscription from now on; what comes waits.")
  int pause(@Mixin ClientOptions client, @Parameters(paramLabel = "ID") String id) {
    return ask(client, id, "/pause");
  }

  @Command(name = "resume", description = "Sends again, also where the endpoint had been given up.")
  int resume(@Mixin ClientOptions client, @Parameters(paramLabel = "ID") String id) {
    return ask(client, id, "/resume");
  }

  @Command(
      name = "rotate-secret",
      description = {
        "Makes new secrets and shows them.",
        "The ones before go on signing beside them until the overlap is over."
      },
      footer = {"", "Example:", "  fanfare subscriptions rotate-secret sub_… --overlap 48h"})
  int rotateSecret(
      @Mixin ClientOptions client,
      @Parameters(paramLabel = "ID") String id,
      @Option(names = "--overlap", paramLabel = "DURATION", description = "Default: 24h.")
          Optional<String> overlap) {
    var wish = ApiClient.JSON.createObjectNode();
    overlap.ifPresent(it -> wish.put("overlap", it));
    try (var api = ApiClient.of(client)) {
      Output.print(
          out(), client, api.post(PATH + "/" + ApiClient.encoded(id) + "/secret/rotate", wish));
    }
    return ExitCode.OK;
  }

  @Command(
      name = "test",
      description = "Sends a signed example to the endpoint and shows what it answers.")
  int test(
      @Mixin ClientOptions client,
      @Parameters(paramLabel = "ID") String id,
      @Option(names = "--type", description = "Default: one that the subscription asked for.")
          Optional<String> type) {
    var wish = ApiClient.JSON.createObjectNode();
    type.ifPresent(it -> wish.put("type", it));
    try (var api = ApiClient.of(client)) {
      var tried = api.post(PATH + "/" + ApiClient.encoded(id) + "/test", wish);
      Output.print(out(), client, tried);
      return tried.path("status").asInt() / 100 == 2 ? ExitCode.OK : ExitCode.FAILED;
    }
  }

  @Command(
      name = "verify",
      description = {
        "Asks the endpoint whether it wants deliveries, by handshake or challenge,",
        "as the subscription's verify says."
      })
  int verify(@Mixin ClientOptions client, @Parameters(paramLabel = "ID") String id) {
    try (var api = ApiClient.of(client)) {
      var nothing = ApiClient.JSON.createObjectNode();
      var shown = api.post(PATH + "/" + ApiClient.encoded(id) + "/verify", nothing);
      Output.print(out(), client, shown);
      boolean verified = shown.path("verification").path("state").asText().equals("verified");
      return verified ? ExitCode.OK : ExitCode.FAILED;
    }
  }

  private int ask(ClientOptions client, String id, String what) {
    try (var api = ApiClient.of(client)) {
      var nothing = ApiClient.JSON.createObjectNode();
      Output.print(out(), client, api.post(PATH + "/" + ApiClient.encoded(id) + what, nothing));
    }
    return ExitCode.OK;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}

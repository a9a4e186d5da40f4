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

/// `fanfare keys`: who may use the API.
@Command(
    name = "keys",
    description = "Makes, shows and revokes API keys.",
    synopsisSubcommandLabel = "COMMAND")
final class KeysCommand implements Runnable {
  private static final String PATH = "/v1/keys";

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "create, list, show or revoke?");
  }

  @Command(
      name = "create",
      description = "Makes a key and shows it, this once.",
      footer = {
        "",
        "Examples:",
        "  fanfare keys create --role tenant --tenant acme --description 'for their team'",
        "  fanfare keys create --role producer --expires-at 2027-01-31T00:00:00Z"
      })
  int create(
      @Mixin ClientOptions client,
      @Option(names = "--role", required = true, description = "admin, tenant, producer or viewer.")
          String role,
      @Option(names = "--tenant", description = "The tenant that it is bound to.")
          Optional<String> tenant,
      @Option(names = "--description", description = "For people.") Optional<String> description,
      @Option(names = "--expires-at", paramLabel = "TIME", description = "Default: never.")
          Optional<String> expiresAt) {
    var json = ApiClient.JSON.createObjectNode().put("role", role);
    tenant.ifPresent(it -> json.put("tenant", it));
    description.ifPresent(it -> json.put("description", it));
    expiresAt.ifPresent(it -> json.put("expires_at", it));
    try (var api = ApiClient.of(client)) {
      Output.print(out(), client, api.post(PATH, json));
    }
    return ExitCode.OK;
  }

  @Command(name = "list", description = "Lists keys, revoked ones included; never the key itself.")
  int list(
      @Mixin ClientOptions client,
      @Option(names = "--tenant", description = "Only of this tenant.") Optional<String> tenant) {
    try (var api = ApiClient.of(client)) {
      Output.print(
          out(),
          client,
          api.list(PATH, tenant.map(it -> Map.of("tenant", it)).orElse(Map.of())),
          List.of("id", "role", "tenant", "description", "expires_at", "revoked_at"));
    }
    return ExitCode.OK;
  }

  @Command(name = "show", description = "Shows one key's record; never the key itself.")
  int show(@Mixin ClientOptions client, @Parameters(paramLabel = "ID") String id) {
    try (var api = ApiClient.of(client)) {
      Output.print(out(), client, api.get(PATH + "/" + ApiClient.encoded(id)));
    }
    return ExitCode.OK;
  }

  @Command(name = "revoke", description = "The key opens nothing from now on.")
  int revoke(@Mixin ClientOptions client, @Parameters(paramLabel = "ID") String id) {
    try (var api = ApiClient.of(client)) {
      api.delete(PATH + "/" + ApiClient.encoded(id));
    }
    Output.say(out(), client, "revoked " + id);
    return ExitCode.OK;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}

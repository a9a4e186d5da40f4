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

/// `fanfare tenants`: who may have keys.
@Command(
    name = "tenants",
    description = "Makes, shows, disables and removes tenants; needs an admin's key.",
    synopsisSubcommandLabel = "COMMAND")
final class TenantsCommand implements Runnable {
  private static final String PATH = "/v1/tenants";

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "create, list, show, disable, enable or delete?");
  }

  @Command(
      name = "create",
      description = "Registers a tenant.",
      footer = {"", "Example:", "  fanfare tenants create acme --name 'Acme Inc.'"})
  int create(
      @Mixin ClientOptions client,
      @Parameters(paramLabel = "ID") String id,
      @Option(names = "--name", description = "For people.") Optional<String> name) {
    var json = ApiClient.JSON.createObjectNode().put("id", id);
    name.ifPresent(it -> json.put("name", it));
    try (var api = ApiClient.of(client)) {
      Output.print(out(), client, api.post(PATH, json));
    }
    return ExitCode.OK;
  }

  @Command(name = "list", description = "Lists all tenants.")
  int list(@Mixin ClientOptions client) {
    try (var api = ApiClient.of(client)) {
      Output.print(
          out(), client, api.list(PATH, Map.of()), List.of("id", "name", "status", "created_at"));
    }
    return ExitCode.OK;
  }

  @Command(name = "show", description = "Shows one tenant.")
  int show(@Mixin ClientOptions client, @Parameters(paramLabel = "ID") String id) {
    try (var api = ApiClient.of(client)) {
      Output.print(out(), client, api.get(PATH + "/" + ApiClient.encoded(id)));
    }
    return ExitCode.OK;
  }

  @Command(name = "disable", description = "Its keys open nothing from now on.")
  int disable(@Mixin ClientOptions client, @Parameters(paramLabel = "ID") String id) {
    return change(client, id, "disabled");
  }

  @Command(name = "enable", description = "Its keys are good again.")
  int enable(@Mixin ClientOptions client, @Parameters(paramLabel = "ID") String id) {
    return change(client, id, "active");
  }

  @Command(name = "delete", description = "Removes a tenant without subscriptions, and its keys.")
  int delete(@Mixin ClientOptions client, @Parameters(paramLabel = "ID") String id) {
    try (var api = ApiClient.of(client)) {
      api.delete(PATH + "/" + ApiClient.encoded(id));
    }
    Output.say(out(), client, "deleted " + id);
    return ExitCode.OK;
  }

  private int change(ClientOptions client, String id, String status) {
    try (var api = ApiClient.of(client)) {
      var patch = ApiClient.JSON.createObjectNode().put("status", status);
      Output.print(out(), client, api.patch(PATH + "/" + ApiClient.encoded(id), patch));
    }
    return ExitCode.OK;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}

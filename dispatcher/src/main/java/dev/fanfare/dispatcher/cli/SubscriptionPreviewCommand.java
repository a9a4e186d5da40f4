package dev.fanfare.dispatcher.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `fanfare subscriptions preview`.
@Command(
    name = "preview",
    description = "Tries a filter on recent events before it is saved; nothing is sent or stored.",
    footer = {
      "",
      "Examples:",
      "  fanfare subscriptions preview --tenant acme --event-types 'email.bounced' \\",
      "      --expression 'event.bounce.smtp_code >= 550'",
      "  fanfare subscriptions preview --data subscription.json"
    })
final class SubscriptionPreviewCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Mixin private ClientOptions client = new ClientOptions();

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description =
          "JSON with tenant, event_types and filter, a whole subscription's too; - for stdin.")
  private Optional<String> data = Optional.empty();

  @Option(names = "--tenant", description = "Whose events.")
  private Optional<String> tenant = Optional.empty();

  @Option(
      names = "--event-types",
      split = ",",
      paramLabel = "TYPE",
      description = "Types wanted: email.bounced, email.* or *.")
  private List<String> eventTypes = List.of();

  @Option(
      names = "--expression",
      paramLabel = "CEL",
      description = "Condition over the variable event, in CEL.")
  private Optional<String> expression = Optional.empty();

  @Override
  public Integer call() {
    var json = data.map(JsonInput::read).orElseGet(ApiClient.JSON::createObjectNode);
    if (json instanceof ObjectNode object) {
      object.retain("tenant", "event_types", "filter");
      tenant.ifPresent(it -> object.put("tenant", it));
      expression.ifPresent(it -> object.withObjectProperty("filter").put("expression", it));
      if (!eventTypes.isEmpty()) {
        var types = object.putArray("event_types");
        eventTypes.forEach(types::add);
      }
    }
    try (var api = ApiClient.of(client)) {
      var found = api.post("/v1/subscriptions/preview", json);
      var out = spec.commandLine().getOut();
      if (client.json()) {
        out.println(found);
        out.flush();
      } else {
        Output.say(
            out,
            client,
            "%d of %d events match%s"
                .formatted(
                    found.path("matched").asLong(),
                    found.path("of").asLong(),
                    found.path("complete").asBoolean()
                        ? ""
                        : "; only the latest were looked at, since "
                            + found.path("oldest").asText()));
        var samples = new ArrayList<JsonNode>();
        found.path("samples").forEach(samples::add);
        if (!samples.isEmpty()) {
          Output.print(
              out, client, samples, List.of("event_id", "type", "occurred_at", "message_id"));
        }
      }
    }
    return ExitCode.OK;
  }
}

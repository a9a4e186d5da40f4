package dev.fanfare.dispatcher.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `fanfare events`: events handed in through the API.
@Command(
    name = "events",
    description = "Hands in events.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = EventsCommand.Send.class)
final class EventsCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "send?");
  }

  /// `fanfare events send`.
  @Command(
      name = "send",
      description = {
        "Hands in one event or many and prints their ids, once Kafka has them.",
        "Options win over what --data says."
      },
      footer = {
        "",
        "Examples:",
        "  fanfare events send --type email.delivered --tenant acme --recipient ann@example.com",
        "  fanfare events send --data bounce.json --count 100",
        "  jq -c . events.json | fanfare events send --data -",
        "  fanfare events send --file yesterday.ndjson"
      })
  static final class Send implements Callable<Integer> {
    private static final int BATCH = 200;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin private ClientOptions client = new ClientOptions();

    @Option(names = "--type", description = "Event type, e.g. email.bounced.")
    private Optional<String> type = Optional.empty();

    @Option(names = "--tenant", description = "Whose event it is.")
    private Optional<String> tenant = Optional.empty();

    @Option(names = "--recipient", description = "Address that the mail went to.")
    private Optional<String> recipient = Optional.empty();

    @Option(
        names = "--message-id",
        description = "The platform's id of the mail. Default: a new one for each event.")
    private Optional<String> messageId = Optional.empty();

    @Option(
        names = "--data",
        paramLabel = "FILE",
        description = "JSON of an event, or of an array of events; - for stdin.")
    private Optional<String> data = Optional.empty();

    @Option(
        names = "--file",
        paramLabel = "FILE",
        description = {
          "File of events, one a line (NDJSON), however long; - for stdin.",
          "It is sent as it is, so no other option goes with it."
        })
    private Optional<String> file = Optional.empty();

    @Option(
        names = "--idempotency-key",
        paramLabel = "KEY",
        description = {
          "With --file: what makes it the same when it is sent again.",
          "Default: a new one, which is told if something goes wrong."
        })
    private Optional<String> key = Optional.empty();

    @Option(
        names = "--count",
        defaultValue = "1",
        description = "How often to send it, each time as another event. Default: 1.")
    private int count;

    @Override
    public Integer call() {
      if (count < 1) {
        throw new ParameterException(spec.commandLine(), "--count must be at least 1");
      }
      if (file.isPresent()) {
        return sendFile(file.get());
      }
      var given = data.map(JsonInput::read).orElseGet(ApiClient.JSON::createObjectNode);
      if (given.isArray() && count > 1) {
        throw new ParameterException(
            spec.commandLine(), "--count is for a single event, --data holds an array");
      }
      try (var api = ApiClient.of(client)) {
        var batch = ApiClient.JSON.createArrayNode();
        if (given instanceof ArrayNode many) {
          for (var event : many) {
            add(api, batch, event);
          }
        } else {
          for (int i = 0; i < count; i++) {
            add(api, batch, given);
          }
        }
        flush(api, batch);
      }
      return ExitCode.OK;
    }

    private int sendFile(String name) {
      boolean others =
          Stream.of(type, tenant, recipient, messageId, data).anyMatch(Optional::isPresent);
      if (others || count > 1) {
        throw new ParameterException(
            spec.commandLine(), "--file is sent as it is; no other option goes with it");
      }
      try (var api = ApiClient.of(client)) {
        return new EventFile(name, key.orElseGet(() -> UUID.randomUUID().toString()))
            .send(api, client, spec);
      }
    }

    private void add(ApiClient api, ArrayNode batch, JsonNode given) {
      batch.add(given instanceof ObjectNode object ? completed(object) : given);
      if (batch.size() == BATCH) {
        flush(api, batch);
      }
    }

    private ObjectNode completed(ObjectNode given) {
      var event = given.deepCopy();
      type.ifPresent(it -> event.put("type", it));
      tenant.ifPresent(it -> event.put("tenant", it));
      recipient.ifPresent(it -> event.put("recipient", it));
      messageId.ifPresent(it -> event.put("message_id", it));
      if (!event.has("message_id")) {
        event.put("message_id", "msg_" + UUID.randomUUID());
      }
      if (count > 1) {
        event.remove("event_id"); // or all but the first would be the first again
      }
      return event;
    }

    private void flush(ApiClient api, ArrayNode batch) {
      if (batch.isEmpty()) {
        return;
      }
      var answer = api.post("/v1/events", batch.size() == 1 ? batch.get(0) : batch);
      var out = spec.commandLine().getOut();
      if (client.json()) {
        out.println(answer);
      } else if (answer.has("event_id")) {
        out.println(Text.printable(answer.path("event_id").asText()));
      } else {
        answer
            .path("items")
            .forEach(item -> out.println(Text.printable(item.path("event_id").asText())));
      }
      out.flush();
      batch.removeAll();
    }
  }
}

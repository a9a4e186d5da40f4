package dev.fanfare.dispatcher.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `fanfare subscriptions create`.
@Command(
    name = "create",
    description = {
      "Makes a subscription and shows it, with its secret.",
      "Options win over what --data says."
    },
    footer = {
      "",
      "Examples:",
      "  fanfare subscriptions create --tenant acme --endpoint https://example.com/hook \\",
      "      --event-types 'email.bounced,email.complained'",
      "  fanfare subscriptions create --data subscription.json --json"
    })
final class SubscriptionCreateCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Mixin private ClientOptions client = new ClientOptions();

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description = "JSON of a subscription as the API takes it; - for stdin.")
  private Optional<String> data = Optional.empty();

  @Option(names = "--tenant", description = "Whose events.")
  private Optional<String> tenant = Optional.empty();

  @Option(names = "--endpoint", paramLabel = "URL", description = "Where events are POSTed.")
  private Optional<String> endpoint = Optional.empty();

  @Option(
      names = "--event-types",
      split = ",",
      paramLabel = "TYPE",
      description = "Types wanted: email.bounced, email.* or *.")
  private List<String> eventTypes = List.of();

  @Option(names = "--description", paramLabel = "TEXT", description = "For people.")
  private Optional<String> description = Optional.empty();

  @Option(
      names = "--header",
      paramLabel = "NAME=VALUE",
      description = "Header field sent with each POST; may be given several times.")
  private Map<String, String> headers = new LinkedHashMap<>();

  @Option(names = "--signing", description = "hmac (default), ed25519 or both.")
  private Optional<String> signing = Optional.empty();

  @Option(
      names = "--format",
      description = "standard (default), cloudevents-binary or cloudevents-structured.")
  private Optional<String> format = Optional.empty();

  @Option(names = "--timeout", paramLabel = "DURATION", description = "For a whole call, e.g. 10s.")
  private Optional<String> timeout = Optional.empty();

  @Option(
      names = "--retry-schedule",
      split = ",",
      paramLabel = "DURATION",
      description = "Waits between attempts, e.g. 5s,1m,10m.")
  private List<String> retrySchedule = List.of();

  @Option(names = "--rate-limit", paramLabel = "N", description = "Most POSTs a second.")
  private Optional<Double> rateLimit = Optional.empty();

  @Option(
      names = "--verify",
      description = "What the endpoint has to show first: none (default), handshake or challenge.")
  private Optional<String> verify = Optional.empty();

  @Option(names = "--max-concurrency", paramLabel = "N", description = "Most POSTs at a time.")
  private Optional<Integer> maxConcurrency = Optional.empty();

  @Override
  public Integer call() {
    var json = data.map(JsonInput::read).orElseGet(ApiClient.JSON::createObjectNode);
    if (json instanceof ObjectNode object) {
      complete(object);
    }
    try (var api = ApiClient.of(client)) {
      Output.print(spec.commandLine().getOut(), client, api.post("/v1/subscriptions", json));
    }
    return ExitCode.OK;
  }

  private void complete(ObjectNode json) {
    tenant.ifPresent(it -> json.put("tenant", it));
    endpoint.ifPresent(it -> json.put("url", it));
    description.ifPresent(it -> json.put("description", it));
    signing.ifPresent(it -> json.put("signing", it));
    format.ifPresent(it -> json.put("format", it));
    timeout.ifPresent(it -> json.put("timeout", it));
    rateLimit.ifPresent(it -> json.put("rate_limit_per_second", it));
    maxConcurrency.ifPresent(it -> json.put("max_concurrency", it));
    verify.ifPresent(it -> json.put("verify", it));
    if (!eventTypes.isEmpty()) {
      var types = json.putArray("event_types");
      eventTypes.forEach(types::add);
    }
    if (!retrySchedule.isEmpty()) {
      var waits = json.putArray("retry_schedule");
      retrySchedule.forEach(waits::add);
    }
    if (!headers.isEmpty()) {
      var object = json.putObject("headers");
      headers.forEach(object::put);
    }
  }
}

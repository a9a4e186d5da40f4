package dev.fanfare.dispatcher.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.dispatcher.app.TestFanfare;
import dev.fanfare.dispatcher.config.ConfigFile;
import dev.fanfare.dispatcher.config.FanfareConfig;
import dev.fanfare.testkit.kafka.SharedKafka;
import dev.fanfare.testkit.receiver.Receiver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What tests of the log do with a dispatcher.
final class LogRig {
  private LogRig() {}

  /// @param log more of the section `log`, as YAML between braces
  /// @param ladder rungs and schedule alike
  static FanfareConfig config(String prefix, Path directory, String log, String ladder) {
    return FanfareConfig.load(
        ConfigFile.of(
            "test.yaml",
            """
            kafka: {bootstrap.servers: "%s"}
            schema_registry: {schema.registry.url: "mock://%s"}
            topics: {prefix: %s, input: in-%sevents, partitions: 4}
            retry: {ladder: [%s], schedule: [%s]}
            egress: {allow_http: true, allowed_networks: [127.0.0.0/8]}
            log: {directory: "%s", ledger_interval: 500ms, commit_interval: 100ms, %s}
            api: {port: 0, api_key: %s}
            %s
            """
                .formatted(
                    SharedKafka.bootstrap(),
                    prefix.replace(".", ""),
                    prefix,
                    prefix,
                    ladder,
                    ladder,
                    directory,
                    log,
                    TestFanfare.KEY,
                    TestFanfare.SECRETS)),
        Map.of());
  }

  static String subscribe(TestFanfare fanfare, Receiver receiver, String path, String schedule) {
    var made =
        fanfare.post(
            "/v1/subscriptions",
            """
            {"tenant":"acme","url":"%s","event_types":["*"],"retry_schedule":["%s"]}\
            """
                .formatted(receiver.url(path), schedule));
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    return made.json().path("id").asText();
  }

  static void send(TestFanfare fanfare, String event, String recipient) {
    var sent =
        fanfare.post(
            "/v1/events",
            """
            {"event_id":"%s","type":"email.delivered","tenant":"acme","recipient":"%s",
             "message_id":"msg_%s"}\
            """
                .formatted(event, recipient, event));
    assertThat(sent.status()).as(sent.text()).isEqualTo(202);
  }

  static List<JsonNode> items(TestFanfare fanfare, String path) {
    var reply = fanfare.get(path);
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return items(reply.json());
  }

  static List<JsonNode> items(JsonNode page) {
    var items = new ArrayList<JsonNode>();
    page.path("items").forEach(items::add);
    return items;
  }

  static List<String> ids(List<JsonNode> items) {
    return items.stream().map(it -> it.path("id").asText()).toList();
  }
}

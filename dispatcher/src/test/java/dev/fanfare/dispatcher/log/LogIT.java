package dev.fanfare.dispatcher.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.dispatcher.app.Role;
import dev.fanfare.dispatcher.app.TestFanfare;
import dev.fanfare.dispatcher.config.ConfigFile;
import dev.fanfare.dispatcher.config.FanfareConfig;
import dev.fanfare.testkit.kafka.SharedKafka;
import dev.fanfare.testkit.receiver.Answer;
import dev.fanfare.testkit.receiver.Receiver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the pipe does, as the log tells it over HTTP.
class LogIT {
  private static final Duration SOON = Duration.ofSeconds(90);

  @TempDir Path directory;
  private Receiver receiver;
  private TestFanfare fanfare;

  @BeforeEach
  void start() throws Exception {
    receiver = Receiver.start();
    fanfare = TestFanfare.start(config(directory), EnumSet.allOf(Role.class));
  }

  static FanfareConfig config(Path directory) {
    var prefix = SharedKafka.prefix(LogIT.class);
    return FanfareConfig.load(
        ConfigFile.of(
            "test.yaml",
            """
            kafka: {bootstrap.servers: "%s"}
            schema_registry: {schema.registry.url: "mock://%s"}
            topics: {prefix: %s, input: in-%sevents, partitions: 2}
            retry: {ladder: [1s], schedule: [1s]}
            egress: {allow_http: true, allowed_networks: [127.0.0.0/8]}
            log: {directory: "%s", ledger_interval: 500ms, commit_interval: 100ms}
            api: {port: 0, api_key: %s}
            %s
            """
                .formatted(
                    SharedKafka.bootstrap(),
                    prefix.replace(".", ""),
                    prefix,
                    prefix,
                    directory.resolve("log"),
                    TestFanfare.KEY,
                    TestFanfare.SECRETS)),
        Map.of());
  }

  @AfterEach
  void stop() {
    fanfare.close();
    receiver.close();
  }

  @Test
  void tellsWhatBecameOfEachDelivery() {
    // Given one endpoint that works and one that does not
    receiver.answer(request ->
        request.target().endsWith("bad") ? Answer.status(500).body("out of order") : Answer.OK);
    var good = subscribe("/good");
    var bad = subscribe("/bad");

    // When
    send("evt_1", "ann@example.com");
    send("evt_2", "bob@example.com");

    // Then
    await()
        .atMost(SOON)
        .untilAsserted(() -> {
          assertThat(items("/v1/deliveries?status=delivered")).hasSize(2);
          assertThat(items("/v1/deliveries?status=dead_lettered")).hasSize(2);
        });
    assertThat(items("/v1/deliveries")).hasSize(4);
    assertThat(items("/v1/deliveries?subscription=" + good))
        .hasSize(2)
        .allSatisfy(it -> assertThat(it.path("status").asText()).isEqualTo("delivered"));
    assertThat(items("/v1/deliveries?event_id=evt_1")).hasSize(2);
    assertThat(items("/v1/deliveries?recipient=Bob@Example.com")).hasSize(2);
    assertThat(items("/v1/deliveries?message_id=msg_evt_2&subscription=" + bad)).hasSize(1);
    assertThat(items("/v1/deliveries?tenant=other")).isEmpty();

    var dead = items("/v1/dead-letters?subscription=" + bad);
    assertThat(dead).hasSize(2);
    var story = fanfare.get("/v1/deliveries/" + dead.getFirst().path("id").asText()).json();
    assertThat(story.path("reason").asText()).isEqualTo("expired");
    assertThat(story.path("attempts").asInt()).isEqualTo(2);
    assertThat(story.path("history")).hasSize(2);
    assertThat(story.path("history").get(0).path("response_body").asText())
        .isEqualTo("out of order");
    assertThat(story.path("history").get(1).path("outcome").asText()).isEqualTo("dead");
    assertThat(story.path("payload").path("type").asText()).isEqualTo("email.delivered");
    assertThat(story.path("expires_at").asText()).isNotEmpty();

    var groups = items("/v1/dead-letters/groups");
    assertThat(groups).hasSize(1);
    assertThat(groups.getFirst().path("count").asInt()).isEqualTo(2);
    assertThat(groups.getFirst().path("last_status").asInt()).isEqualTo(500);

    await()
        .atMost(SOON)
        .untilAsserted(() -> {
          var ledger = fanfare.get("/v1/ledger").json();
          assertThat(ledger.path("opened").asInt()).isEqualTo(4);
          assertThat(ledger.path("delivered").asInt()).isEqualTo(2);
          assertThat(ledger.path("dead_lettered").asInt()).isEqualTo(2);
          assertThat(ledger.path("waiting").asInt()).isZero();
          assertThat(ledger.path("unaccounted").asInt()).isZero();
          assertThat(ledger.path("complete").asBoolean()).isTrue();
        });
    var minutes = items("/v1/statistics?subscription=" + bad);
    assertThat(minutes.stream().mapToInt(it -> it.path("attempts").asInt()).sum()).isEqualTo(4);
    assertThat(minutes.stream().mapToInt(it -> it.path("dead_lettered").asInt()).sum())
        .isEqualTo(2);
    assertThat(fanfare.get("/v1/overview").json().path("ledger").path("opened").asInt())
        .isEqualTo(4);
  }

  @Test
  void pagesGoOnWhereTheyWereWhenMoreArrives() {
    receiver.answer(Answer.OK);
    subscribe("/a");
    subscribe("/b");
    for (int i = 0; i < 10; i++) {
      send("evt_" + i, "ann@example.com");
    }
    await()
        .atMost(SOON)
        .until(() -> items("/v1/deliveries?status=delivered&limit=100").size() == 20);
    var before = ids(items("/v1/deliveries?limit=100"));

    var first = fanfare.get("/v1/deliveries?limit=7").json();
    send("evt_late", "ann@example.com");
    await()
        .atMost(SOON)
        .until(() -> items("/v1/deliveries?status=delivered&limit=100").size() == 22);
    var seen = new ArrayList<>(ids(items(first)));
    var cursor = first.path("next_cursor").asText("");
    while (!cursor.isEmpty()) {
      var next = fanfare.get("/v1/deliveries?limit=7&cursor=" + cursor).json();
      seen.addAll(ids(items(next)));
      cursor = next.path("next_cursor").asText("");
    }

    assertThat(seen).containsExactlyElementsOf(before);
  }

  @Test
  void streamsChangesAndGoesOnWhereAReaderWas() throws Exception {
    receiver.answer(Answer.OK);
    subscribe("/a");
    send("evt_0", "ann@example.com");
    await().atMost(SOON).until(() -> items("/v1/deliveries?status=delivered").size() == 1);
    String lastId;
    try (var stream = EventStream.open(fanfare, "/v1/stream?recipient=ann@example.com", "")) {
      send("evt_1", "ann@example.com");
      send("evt_2", "bob@example.com");
      send("evt_3", "ann@example.com");

      var seen = stream.until(all -> delivered(all).containsAll(List.of("evt_1", "evt_3")), SOON);

      assertThat(delivered(seen)).doesNotContain("evt_2");
      lastId = seen.getLast().id();
    }
    send("evt_4", "ann@example.com");
    await().atMost(SOON).until(() -> items("/v1/deliveries?status=delivered").size() == 5);
    try (var stream = EventStream.open(fanfare, "/v1/stream?recipient=ann@example.com", lastId)) {
      send("evt_5", "ann@example.com");

      var seen = stream.until(all -> delivered(all).contains("evt_5"), SOON);

      assertThat(delivered(seen)).contains("evt_4", "evt_5").doesNotContain("evt_2");
    }
  }

  private static Set<String> delivered(List<EventStream.Event> all) {
    return all.stream()
        .filter(it -> it.name().equals("delivery"))
        .filter(it -> it.data().path("status").asText().equals("delivered"))
        .map(it -> it.data().path("event_id").asText())
        .collect(Collectors.toSet());
  }

  private String subscribe(String path) {
    var made =
        fanfare.post(
            "/v1/subscriptions",
            """
            {"tenant":"acme","url":"%s","event_types":["*"],"retry_schedule":["1s"]}\
            """
                .formatted(receiver.url(path)));
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    return made.json().path("id").asText();
  }

  private void send(String event, String recipient) {
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

  private List<JsonNode> items(String path) {
    var reply = fanfare.get(path);
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return items(reply.json());
  }

  private static List<JsonNode> items(JsonNode page) {
    var items = new ArrayList<JsonNode>();
    page.path("items").forEach(items::add);
    return items;
  }

  private static List<String> ids(List<JsonNode> items) {
    return items.stream().map(it -> it.path("id").asText()).toList();
  }
}

package dev.fanfare.dispatcher.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.fanfare.dispatcher.app.Role;
import dev.fanfare.dispatcher.app.TestFanfare;
import dev.fanfare.dispatcher.app.TestFanfare.Reply;
import dev.fanfare.dispatcher.ingest.Senders;
import dev.fanfare.dispatcher.ingest.adapter.Provider;
import dev.fanfare.testkit.kafka.SharedKafka;
import dev.fanfare.testkit.receiver.Answer;
import dev.fanfare.testkit.receiver.Receiver;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every route that the description has, over HTTP on a dispatcher of all roles, with success, and
/// the answer held to its schema. A route that is described and not exercised here fails the test:
/// add a call of it to the story.
class EveryRouteIT {
  private static final Duration SOON = Duration.ofMinutes(2);
  private static final String JSON = "application/json";
  private static final String EVENT =
      """
      {"type":"email.delivered","tenant":"acme","recipient":"ann@example.com","message_id":"%s"}\
      """;

  @TempDir private static Path scratch;
  private static TestFanfare fanfare;
  private static Receiver receiver;
  private static Description description;

  private final Set<String> exercised = new TreeSet<>();

  @BeforeAll
  static void start() {
    receiver = Receiver.start();
    var config =
        TestFanfare.config(
            SharedKafka.bootstrap(),
            SharedKafka.prefix(EveryRouteIT.class),
            "api_key: " + TestFanfare.KEY,
            """
            log: {directory: "%s", commit_interval: 100ms, ledger_interval: 500ms}
            ingest: {sources: {sparkpost: {provider: sparkpost, tenant: acme, key: "%s"}}}
            """
                .formatted(scratch, new Senders(scratch).key(Provider.SPARKPOST)));
    fanfare = TestFanfare.start(config, EnumSet.allOf(Role.class));
    description = new Description(fanfare.get("/openapi.json").json());
  }

  @AfterAll
  static void stop() {
    fanfare.close();
    receiver.close();
  }

  @Test
  void everyDescribedRouteAnswersAsDescribed() {
    operations();
    access();
    var id = subscriptions();
    events();
    log(id);
    replays(id);
    removals(id);

    var missing = description.operations();
    missing.removeAll(exercised);
    assertThat(missing)
        .as("routes in /openapi.json that nobody exercised with success; add each to this story")
        .isEmpty();
  }

  /// What the story above would find.
  @Test
  void anAnswerThatIsNotAsDescribedIsFound() {
    var good =
        """
        {"items":[{"id":"a","name":null,"status":"active","created_at":"2026-01-01T00:00:00Z"}],
         "next_cursor":null}\
        """;
    assertThat(tenants(200, good)).isEmpty();
    assertThat(tenants(200, good.replace("\"active\"", "\"asleep\""))).isNotEmpty();
    assertThat(tenants(200, good.replace("\"name\"", "\"nickname\""))).isNotEmpty();
    assertThat(tenants(200, good.replace("\"id\":\"a\",", ""))).isNotEmpty();
    assertThat(tenants(200, good.replace("2026-01-01T", "yesterday"))).isNotEmpty();
    assertThat(tenants(200, good.replace("{\"items\"", "{\"more\":1,\"items\""))).isNotEmpty();
    assertThat(tenants(202, good)).isNotEmpty();
    assertThat(description.faults("GET /v1/tenants", 200, "text/html", good)).isNotEmpty();
  }

  /// Every parameter in the query of every route that only reads, hostile.
  @Test
  void noParameterMakesAnErrorOfOurs() {
    for (var operation : description.operations()) {
      if (operation.startsWith("GET ") && !operation.equals("GET /v1/stream")) {
        for (var name : description.parameters(operation)) {
          for (var value : HOSTILE) {
            var path = operation.substring(4).replaceAll("\\{\\w+}", "none");
            var reply = fanfare.get(path + "?" + name + "=" + URLEncoder.encode(value, UTF_8));
            assertThat(reply.status()).as(operation + " " + name + "=" + value).isLessThan(500);
          }
        }
      }
    }
  }

  private static final List<String> HOSTILE =
      List.of(
          "",
          "-1",
          "99999999999999999999",
          "+999999999-12-31T23:59:59Z",
          "1969-12-31T23:59:59Z",
          "x".repeat(3_000),
          "\u0000\u202e",
          "Zm9vOmJhcg",
          "106751991167301d");

  private static List<String> tenants(int status, String body) {
    return description.faults("GET /v1/tenants", status, JSON, body);
  }

  private void operations() {
    exercise("GET /health/live");
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(fanfare.get("/health/ready").status()).isEqualTo(200));
    exercise("GET /health/ready");
    exercise("GET /metrics");
    exercise("GET /openapi.json");
    exercise("GET /v1/event-types");
    exercise("GET /v1/event-types/{type}", "/v1/event-types/email.bounced?version=1.0");
  }

  private void access() {
    exercise("POST /v1/tenants", "/v1/tenants", "{\"id\":\"acme\",\"name\":\"Acme\"}");
    exercise("GET /v1/tenants");
    exercise("GET /v1/tenants/{id}", "/v1/tenants/acme");
    exercise("PATCH /v1/tenants/{id}", "/v1/tenants/acme", "{\"name\":\"Acme Inc.\"}");
    var key =
        exercise("POST /v1/keys", "/v1/keys", "{\"role\":\"viewer\",\"tenant\":\"acme\"}")
            .path("id")
            .asText();
    exercise("GET /v1/keys");
    exercise("GET /v1/keys/{id}", "/v1/keys/" + key);
    exercise("DELETE /v1/keys/{id}", "/v1/keys/" + key);
    exercise("POST /v1/session", "/v1/session", "{\"api_key\":\"%s\"}".formatted(TestFanfare.KEY));
    exercise("GET /v1/session");
    exercise("DELETE /v1/session");
  }

  private String subscriptions() {
    receiver.answer(it -> it.target().equals("/gone") ? Answer.status(410) : Answer.OK);
    var wish =
        """
        {"tenant":"acme","url":"%s","event_types":["email.delivered"],"signing":"both",
         "filter":{"recipient_domains":["example.com"]},"headers":{"X-Mine":"yes"}}\
        """;
    var id = made(wish.formatted(receiver.url("/hook")));
    made(wish.formatted(receiver.url("/gone")));
    var path = "/v1/subscriptions/" + id;
    exercise("GET /v1/subscriptions", "/v1/subscriptions?tenant=acme&limit=1");
    exercise("GET /v1/subscriptions/{id}", path);
    exercise("PATCH /v1/subscriptions/{id}", path, "{\"description\":\"mine\"}");
    exercise(
        "POST /v1/subscriptions/preview",
        "/v1/subscriptions/preview",
        "{\"tenant\":\"acme\",\"event_types\":[\"*\"]}");
    exercise("POST /v1/subscriptions/reseal", "/v1/subscriptions/reseal", "");
    exercise("POST /v1/subscriptions/{id}/pause", path + "/pause", "");
    exercise("POST /v1/subscriptions/{id}/resume", path + "/resume", "");
    exercise("GET /v1/subscriptions/{id}/secret", path + "/secret");
    exercise("PATCH /v1/subscriptions/{id}", path, "{\"verify\":\"challenge\"}");
    exercise("POST /v1/subscriptions/{id}/verify", path + "/verify", "");
    exercise("PATCH /v1/subscriptions/{id}", path, "{\"verify\":\"none\"}");
    exercise(
        "POST /v1/subscriptions/{id}/secret/rotate",
        path + "/secret/rotate",
        "{\"overlap\":\"1h\"}");
    exercise("POST /v1/subscriptions/{id}/test", path + "/test", "{\"type\":\"email.delivered\"}");
    return id;
  }

  private String made(String wish) {
    return exercise("POST /v1/subscriptions", "/v1/subscriptions", wish).path("id").asText();
  }

  private void events() {
    exercise("POST /v1/events", "/v1/events", EVENT.formatted("one"));
    exercise("POST /v1/events", "/v1/events", "[" + EVENT.formatted("two") + "]");
    var lines =
        request("/v1/events")
            .header("Content-Type", "application/x-ndjson")
            .POST(BodyPublishers.ofString(EVENT.formatted("three") + "\n{}\n"));
    exercise("POST /v1/events", lines);
    var report = fanfare.anonymous("/v1/ingest/sparkpost?source=sparkpost");
    Senders.basic().forEach(report::header);
    exercise(
        "POST /v1/ingest/{provider}",
        report.POST(BodyPublishers.ofString(Senders.fixture("sparkpost.json").toString())));
  }

  private void log(String subscription) {
    var delivered = "/v1/deliveries?status=delivered&subscription=" + subscription;
    await()
        .atMost(SOON)
        .untilAsserted(() -> {
          assertThat(fanfare.get(delivered).json().path("items")).isNotEmpty();
          assertThat(fanfare.get("/v1/dead-letters").json().path("items")).isNotEmpty();
        });
    var page = exercise("GET /v1/deliveries", delivered);
    var delivery = page.path("items").get(0).path("id").asText();
    exercise("GET /v1/deliveries/{id}", "/v1/deliveries/" + delivery);
    exercise("GET /v1/dead-letters", "/v1/dead-letters?tenant=acme");
    exercise("GET /v1/dead-letters/groups", "/v1/dead-letters/groups?tenant=acme");
    assertThat(fanfare.status(request("/v1/stream").GET())).isEqualTo(200); // without an end
    exercised.add("GET /v1/stream");
    exercise("GET /v1/statistics", "/v1/statistics?step=5m&tenant=acme");
    exercise("GET /v1/breakers", "/v1/breakers?tenant=acme");
    exercise("GET /v1/ledger");
    exercise("GET /v1/ledger/unaccounted");
    exercise("GET /v1/overview");
    exercise(
        "PUT /v1/alert-rules",
        "/v1/alert-rules",
        "{\"items\":[{\"kind\":\"ledger_gap\",\"per\":\"all\",\"threshold\":1}]}");
    exercise("GET /v1/alert-rules");
    exercise("GET /v1/alerts");
    exercise("POST /v1/deliveries/{id}/replay", "/v1/deliveries/" + delivery + "/replay", "{}");
  }

  private void replays(String subscription) {
    var wish = "{\"source\":\"%s\",\"filter\":{%s},\"rate\":0.01,\"dry_run\":%s}";
    var backfill = "\"subscription\":\"" + subscription + "\"";
    exercise(
        "POST /v1/replays",
        "/v1/replays",
        wish.formatted("dead-letters", "\"reasons\":[\"gone\"],\"tenant\":\"acme\"", true));
    var id =
        exercise("POST /v1/replays", "/v1/replays", wish.formatted("events", backfill, false))
            .path("id")
            .asText();
    exercise("GET /v1/replays", "/v1/replays?limit=10");
    exercise("GET /v1/replays/{id}", "/v1/replays/" + id);
    for (var word : new String[] {"pause", "resume", "cancel"}) {
      exercise("POST /v1/replays/{id}/" + word, "/v1/replays/" + id + "/" + word, "");
    }
  }

  private void removals(String subscription) {
    exercise("DELETE /v1/subscriptions/{id}", "/v1/subscriptions/" + subscription);
    exercise("DELETE /v1/tenants/{id}/data", "/v1/tenants/acme/data");
    exercise("POST /v1/tenants", "/v1/tenants", "{\"id\":\"globex\"}");
    exercise("DELETE /v1/tenants/{id}", "/v1/tenants/globex");
  }

  private JsonNode exercise(String operation) {
    return exercise(operation, operation.split(" ", 2)[1]);
  }

  private JsonNode exercise(String operation, String path) {
    var method = operation.split(" ", 2)[0];
    return exercise(operation, request(path).method(method, BodyPublishers.noBody()));
  }

  private JsonNode exercise(String operation, String path, String body) {
    var method = operation.split(" ", 2)[0];
    var type = method.equals("PATCH") ? "application/merge-patch+json" : JSON;
    return exercise(
        operation,
        request(path).header("Content-Type", type).method(method, BodyPublishers.ofString(body)));
  }

  private static HttpRequest.Builder request(String path) {
    return fanfare.request(path).timeout(Duration.ofMinutes(1));
  }

  private JsonNode exercise(String operation, HttpRequest.Builder request) {
    Reply reply = fanfare.send(request);
    for (int i = 0; i < 10 && reply.status() == 503; i++) {
      reply = fanfare.send(request); // Kafka is slow: the API says that one may try again
    }
    assertThat(reply.status() / 100).as(operation + ": " + reply.text()).isEqualTo(2);
    var media = reply.header("Content-Type").split(";", -1)[0];
    assertThat(description.faults(operation, reply.status(), media, reply.text()))
        .as(operation + " answered " + reply.status() + " " + reply.text())
        .isEmpty();
    exercised.add(operation);
    return media.equals(JSON) ? reply.json() : MissingNode.getInstance();
  }
}

package dev.fanfare.dispatcher.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.dispatcher.api.exchange.Route;
import dev.fanfare.dispatcher.app.TestFanfare;
import dev.fanfare.testkit.kafka.SharedKafka;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Every route with every kind of key, over HTTP.
class AccessIT {
  private static final String ADMIN = "admin";
  private static final String TENANT = "tenant";
  private static final String VIEWER = "viewer of acme";
  private static final String WATCHER = "viewer of all";
  private static final String PRODUCER = "producer of acme";
  private static final String FEEDER = "producer of all";

  /// What only processes of the role log answer.
  private static final String OF_THE_LOG =
      "GET /v1/(deliveries|dead-letters|stream|statistics|ledger|overview).*|DELETE .*/data";

  private static final Set<String> NOBODY = Set.of();
  private static final Set<String> OPERATIONS = Set.of(ADMIN, WATCHER);
  private static final Set<String> OWNERS = Set.of(ADMIN, TENANT);
  private static final Set<String> READERS = Set.of(ADMIN, TENANT, VIEWER, WATCHER);
  private static final Set<String> PRODUCERS = Set.of(ADMIN, PRODUCER, FEEDER);
  private static final Set<String> ALL = Set.of(ADMIN, TENANT, VIEWER, WATCHER, PRODUCER, FEEDER);

  /// Who may use what, written down apart from the code. A route that is missing here fails the
  /// test, and so does one that is gone.
  private static final Map<String, Set<String>> ALLOWED = new LinkedHashMap<>();

  static {
    ALLOWED.put("GET /health/live", NOBODY);
    ALLOWED.put("GET /health/ready", NOBODY);
    ALLOWED.put("GET /metrics", OPERATIONS);
    ALLOWED.put("GET /v1/session", ALL);
    ALLOWED.put("POST /v1/session", NOBODY);
    ALLOWED.put("DELETE /v1/session", NOBODY);
    ALLOWED.put("GET /openapi.json", NOBODY);
    ALLOWED.put("GET /v1/deliveries", READERS);
    ALLOWED.put("GET /v1/deliveries/{id}", READERS);
    ALLOWED.put("GET /v1/dead-letters", READERS);
    ALLOWED.put("GET /v1/dead-letters/groups", READERS);
    ALLOWED.put("GET /v1/stream", READERS);
    ALLOWED.put("GET /v1/statistics", READERS);
    ALLOWED.put("GET /v1/ledger", OPERATIONS);
    ALLOWED.put("GET /v1/ledger/unaccounted", OPERATIONS);
    ALLOWED.put("GET /v1/overview", READERS);
    ALLOWED.put("GET /v1/alert-rules", READERS);
    ALLOWED.put("PUT /v1/alert-rules", OWNERS);
    ALLOWED.put("GET /v1/alerts", READERS);
    ALLOWED.put("DELETE /v1/tenants/{id}/data", OWNERS);
    ALLOWED.put("POST /v1/replays", OWNERS);
    ALLOWED.put("GET /v1/replays", READERS);
    ALLOWED.put("GET /v1/replays/{id}", READERS);
    ALLOWED.put("POST /v1/replays/{id}/pause", OWNERS);
    ALLOWED.put("POST /v1/replays/{id}/resume", OWNERS);
    ALLOWED.put("POST /v1/replays/{id}/cancel", OWNERS);
    ALLOWED.put("POST /v1/deliveries/{id}/replay", OWNERS);
    ALLOWED.put("POST /v1/events", PRODUCERS);
    ALLOWED.put("POST /v1/subscriptions/{id}/verify", OWNERS);
    ALLOWED.put("POST /v1/ingest/{provider}", NOBODY); // each source proves itself
    ALLOWED.put("GET /v1/event-types", ALL);
    ALLOWED.put("GET /v1/event-types/{type}", ALL);
    ALLOWED.put("POST /v1/tenants", Set.of(ADMIN));
    ALLOWED.put("GET /v1/tenants", READERS);
    ALLOWED.put("GET /v1/tenants/{id}", READERS);
    ALLOWED.put("PATCH /v1/tenants/{id}", Set.of(ADMIN));
    ALLOWED.put("DELETE /v1/tenants/{id}", Set.of(ADMIN));
    ALLOWED.put("POST /v1/keys", OWNERS);
    ALLOWED.put("GET /v1/keys", OWNERS);
    ALLOWED.put("GET /v1/keys/{id}", OWNERS);
    ALLOWED.put("DELETE /v1/keys/{id}", OWNERS);
    ALLOWED.put("POST /v1/subscriptions", OWNERS);
    ALLOWED.put("GET /v1/subscriptions", READERS);
    ALLOWED.put("GET /v1/subscriptions/{id}", READERS);
    ALLOWED.put("PATCH /v1/subscriptions/{id}", OWNERS);
    ALLOWED.put("DELETE /v1/subscriptions/{id}", OWNERS);
    ALLOWED.put("POST /v1/subscriptions/{id}/pause", OWNERS);
    ALLOWED.put("POST /v1/subscriptions/{id}/resume", OWNERS);
    ALLOWED.put("POST /v1/subscriptions/{id}/secret/rotate", OWNERS);
    ALLOWED.put("POST /v1/subscriptions/{id}/test", OWNERS);
    ALLOWED.put("POST /v1/subscriptions/preview", OWNERS);
    ALLOWED.put("POST /v1/subscriptions/reseal", Set.of(ADMIN));
    ALLOWED.put("GET /v1/subscriptions/{id}/secret", OWNERS);
  }

  private static TestFanfare fanfare;
  private static Map<String, String> keys;

  @BeforeAll
  static void start() {
    fanfare = TestFanfare.withApi(SharedKafka.bootstrap(), SharedKafka.prefix(AccessIT.class));
    for (var tenant : List.of("acme", "other", "closed")) {
      assertThat(fanfare.post("/v1/tenants", "{\"id\":\"" + tenant + "\"}").status())
          .isEqualTo(201);
    }
    keys =
        Map.of(
            ADMIN, key("admin", null),
            TENANT, key("tenant", "acme"),
            VIEWER, key("viewer", "acme"),
            WATCHER, key("viewer", null),
            PRODUCER, key("producer", "acme"),
            FEEDER, key("producer", null));
  }

  @AfterAll
  static void stop() {
    fanfare.close();
  }

  @Test
  void everyRouteIsOpenToTheRolesThatItNamesAndToNobodyElse() {
    var surprises = new ArrayList<String>();
    for (var route : fanfare.routes().routes()) {
      var name = route.method() + " " + route.path();
      if (isPage(route)) {
        continue;
      }
      var allowed = ALLOWED.get(name);
      if (allowed == null) {
        surprises.add(name + " is not in the table of who may use what");
        continue;
      }
      if (allowed.isEmpty()) {
        expect(surprises, name, "nobody's key", call(route, "nonsense"), true);
        continue;
      }
      keys.forEach(
          (who, key) -> expect(surprises, name, who, call(route, key), allowed.contains(who)));
      int anonymous = fanfare.status(request(route, fanfare.anonymous(path(route))));
      if (anonymous != 401) {
        surprises.add(name + " without a key answers " + anonymous);
      }
    }

    assertThat(surprises).isEmpty();
    assertThat(fanfare.routes().routes())
        .extracting(it -> it.method() + " " + it.path())
        .containsAll(ALLOWED.keySet().stream().filter(it -> !it.matches(OF_THE_LOG)).toList());
  }

  @Test
  void aKeyThatIsNoLongerGoodOpensNothing() {
    var revoked = issue("{\"role\":\"admin\"}");
    assertThat(fanfare.send("DELETE", "/v1/keys/" + revoked.path("id").asText(), "").status())
        .isEqualTo(204);
    var soon = Instant.now().plusSeconds(2);
    var expiring = issue("{\"role\":\"admin\",\"expires_at\":\"" + soon + "\"}");
    var closed = key("tenant", "closed");
    var disabled =
        fanfare.send(
            fanfare
                .request("/v1/tenants/closed")
                .header("Content-Type", "application/merge-patch+json")
                .method("PATCH", BodyPublishers.ofString("{\"status\":\"disabled\"}")));
    assertThat(disabled.status()).isEqualTo(200);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() ->
            fanfare.status(fanfare.request("/metrics", expiring.path("key").asText())) == 401);

    for (var route : fanfare.routes().routes()) {
      if (!route.access().needsKey()) {
        continue;
      }
      var name = route.method() + " " + route.path();
      assertThat(call(route, revoked.path("key").asText())).as(name).isEqualTo(401);
      assertThat(call(route, expiring.path("key").asText())).as(name).isEqualTo(401);
      assertThat(call(route, closed)).as(name).isEqualTo(403);
      assertThat(call(route, "fk_" + "a".repeat(24) + "_" + "a".repeat(52)))
          .as(name)
          .isEqualTo(401);
    }
  }

  @Test
  void whatBelongsToAnotherTenantIsNotThere() {
    var subscription =
        fanfare
            .post(
                "/v1/subscriptions",
                """
                {"tenant":"other","url":"https://example.com/","event_types":["*"]}\
                """)
            .json()
            .path("id")
            .asText();
    var key = issue("{\"role\":\"tenant\",\"tenant\":\"other\"}").path("id").asText();
    var foreign = Map.of("subscriptions", subscription, "tenants", "other", "keys", key);

    for (var route : fanfare.routes().routes()) {
      var id = foreign.get(route.path().replaceFirst("^/v1/([a-z]+)/\\{id}.*$", "$1"));
      if (id == null) {
        continue;
      }
      var path = route.path().replace("{id}", id);
      for (var who : List.of(TENANT, VIEWER)) {
        int status = fanfare.status(request(route, fanfare.request(path, key(who))));
        assertThat(status).as(who + " " + route.method() + " " + path).isIn(403, 404);
        if (route.access().roles().size() > 1 && who.equals(TENANT)) {
          assertThat(status).as(who + " " + route.method() + " " + path).isEqualTo(404);
        }
      }
    }

    assertThat(fanfare.get("/v1/subscriptions/" + subscription).status()).isEqualTo(200);
    for (var list : List.of("subscriptions", "tenants", "keys")) {
      var reply = fanfare.send(fanfare.request("/v1/" + list, key(TENANT)));
      assertThat(reply.text()).doesNotContain("other");
    }
    assertThat(
            fanfare.send(fanfare.request("/v1/subscriptions?tenant=other", key(TENANT))).status())
        .isEqualTo(404);
  }

  @Test
  void aTenantMakesThingsForItselfOnly() {
    var own =
        post(
            TENANT,
            "/v1/subscriptions",
            "{\"url\":\"https://a.example/\",\"event_types\":[\"*\"]}");
    assertThat(own.status()).isEqualTo(201);
    assertThat(own.json().path("tenant").asText()).isEqualTo("acme");
    assertThat(
            post(
                    TENANT,
                    "/v1/subscriptions",
                    """
                    {"tenant":"other","url":"https://a.example/","event_types":["*"]}\
                    """)
                .status())
        .isEqualTo(403);
    var viewer = post(TENANT, "/v1/keys", "{\"role\":\"viewer\"}");
    assertThat(viewer.json().path("tenant").asText()).isEqualTo("acme");
    assertThat(post(TENANT, "/v1/keys", "{\"role\":\"admin\"}").status()).isEqualTo(403);
    assertThat(post(TENANT, "/v1/keys", "{\"role\":\"viewer\",\"tenant\":\"other\"}").status())
        .isEqualTo(403);
  }

  @Test
  void aProducerOfATenantHandsInItsEventsOnly() {
    var event =
        """
        {"type":"email.sent","recipient":"a@b.example","message_id":"m"%s}\
        """;

    assertThat(post(PRODUCER, "/v1/events", event.formatted("")).status()).isEqualTo(202);
    assertThat(post(PRODUCER, "/v1/events", event.formatted(",\"tenant\":\"other\"")).status())
        .isEqualTo(422);
    assertThat(post(FEEDER, "/v1/events", event.formatted(",\"tenant\":\"other\"")).status())
        .isEqualTo(202);
  }

  @Test
  void aKeyIsShownOnceAndATenantGoesWithItsKeys() {
    assertThat(fanfare.post("/v1/tenants", "{\"id\":\"gone\",\"name\":\"Gone\"}").status())
        .isEqualTo(201);
    var made = issue("{\"role\":\"tenant\",\"tenant\":\"gone\"}");
    var text = made.path("key").asText();
    var id = made.path("id").asText();

    assertThat(text).startsWith("fk_" + id.substring("key_".length()) + "_");
    assertThat(fanfare.get("/v1/keys/" + id).text()).doesNotContain("fk_").doesNotContain("hash");
    assertThat(fanfare.get("/v1/keys?tenant=gone").json().path("items")).hasSize(1);
    assertThat(fanfare.status(fanfare.request("/v1/subscriptions", text))).isEqualTo(200);
    assertThat(fanfare.send("DELETE", "/v1/tenants/gone", "").status()).isEqualTo(204);
    assertThat(fanfare.status(fanfare.request("/v1/subscriptions", text))).isEqualTo(401);
    assertThat(fanfare.get("/v1/keys/" + id).status()).isEqualTo(404);
    assertThat(fanfare.get("/v1/tenants/gone").status()).isEqualTo(404);
  }

  /// The dashboard's pages hold nothing; what they show they ask the API for.
  private static boolean isPage(Route route) {
    return route.method().equals("GET")
        && !route.access().needsKey()
        && !route.path().startsWith("/v1")
        && !route.path().startsWith("/health");
  }

  private static void expect(
      List<String> surprises, String route, String who, int status, boolean allowed) {
    boolean refused = status == 401 || status == 403;
    if (refused == allowed || status >= 500) {
      surprises.add(route + " answers " + status + " to " + who);
    }
  }

  private static int call(Route route, String key) {
    return fanfare.status(request(route, fanfare.request(path(route), key)));
  }

  private static String path(Route route) {
    return route.path().replaceAll("\\{\\w+}", "none");
  }

  /// With a content that is taken nowhere, so that nothing changes.
  private static HttpRequest.Builder request(Route route, HttpRequest.Builder to) {
    return switch (route.method()) {
      case "GET", "DELETE" -> to.method(route.method(), BodyPublishers.noBody());
      default ->
          to.header("Content-Type", "application/json")
              .method(route.method(), BodyPublishers.ofString("{\"nothing\":1}"));
    };
  }

  private static TestFanfare.Reply post(String who, String path, String json) {
    return fanfare.send(
        fanfare
            .request(path, key(who))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }

  private static String key(String who) {
    return Objects.requireNonNull(keys.get(who), who);
  }

  private static String key(String role, @Nullable String tenant) {
    var bound = tenant == null ? "" : ",\"tenant\":\"" + tenant + "\"";
    return issue("{\"role\":\"" + role + "\"" + bound + "}").path("key").asText();
  }

  private static JsonNode issue(String json) {
    var made = fanfare.post("/v1/keys", json);
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    return made.json();
  }
}

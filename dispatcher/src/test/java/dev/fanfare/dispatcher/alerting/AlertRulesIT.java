package dev.fanfare.dispatcher.alerting;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.dispatcher.app.TestFanfare;
import dev.fanfare.dispatcher.app.TestFanfare.Reply;
import dev.fanfare.testkit.kafka.SharedKafka;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Rules over HTTP, on a real topic.
class AlertRulesIT {
  private static final String PREFIX = SharedKafka.prefix(AlertRulesIT.class);
  private static TestFanfare fanfare;

  @BeforeAll
  static void start() {
    fanfare = TestFanfare.withApi(SharedKafka.bootstrap(), PREFIX);
  }

  @AfterAll
  static void stop() {
    fanfare.close();
  }

  @Test
  void untilOperatorsSayOtherwiseTheyHaveTheDefaults() {
    var tenant = tenantKey("fresh");

    assertThat(fanfare.get("/v1/alert-rules?tenant=nobody").json().path("items")).isEmpty();
    var own = fanfare.send(fanfare.request("/v1/alert-rules", tenant).GET()).json();
    assertThat(own.path("items")).isEmpty();
    assertThat(own.path("version").asLong()).isZero();
    var alerts = fanfare.get("/v1/alerts").json();
    assertThat(alerts.path("items")).isEmpty();
    assertThat(alerts.path("next_cursor").isNull()).isTrue();
  }

  @Test
  void rulesAreReplacedAsAWholeAndAnotherInstanceReadsThem() {
    var before = fanfare.get("/v1/alert-rules").json().path("version").asLong();
    var put =
        put(
            """
            {"version": %d, "items": [
              {"kind": "failure_rate", "threshold": 0.25, "window": "10m"},
              {"id": "mine", "kind": "dead_letters", "per": "all", "threshold": 5,
               "resolve_below": 2, "window": "1h", "enabled": false},
              {"id": "gone", "kind": "endpoint_disabled"}]}
            """
                .formatted(before));

    assertThat(put.status()).as(put.text()).isEqualTo(200);
    assertThat(put.json().path("version").asLong()).isEqualTo(before + 1);
    var rate = put.json().path("items").path(0);
    assertThat(rate.path("id").asText()).startsWith("rule_");
    assertThat(rate.path("per").asText()).isEqualTo("subscription");
    assertThat(rate.path("resolve_below").asDouble()).isEqualTo(0.25);
    assertThat(rate.path("minimum_volume").asLong()).isEqualTo(1);
    assertThat(fanfare.get("/v1/alert-rules").json()).isEqualTo(put.json());

    // what was read before is not written over
    var late = put("{\"version\": %d, \"items\": []}".formatted(before));
    assertThat(late.status()).isEqualTo(409);
    assertThat(late.text()).contains("version " + (before + 1));

    // and a process that starts now knows them
    try (var other = TestFanfare.withApi(SharedKafka.bootstrap(), PREFIX)) {
      assertThat(other.get("/v1/alert-rules").json()).isEqualTo(put.json());
    }
  }

  @Test
  void everythingThatIsWrongIsSaidAtOnce() {
    var reply =
        put(
            """
            {"items": [
              {"kind": "failure_rate", "threshold": 20, "window": "5m"},
              {"kind": "failure_rate", "threshold": 0.2},
              {"kind": "oldest_waiting", "threshold": 60, "window": "5m"},
              {"kind": "dead_letters", "threshold": 1, "resolve_below": 2, "window": "5m"},
              {"kind": "weather", "threshold": 1},
              {"kind": "ledger_gap", "per": "subscription", "threshold": 1},
              {"kind": "consecutive_failures", "per": "all", "threshold": 1},
              {"kind": "dead_letters", "threshold": 1, "window": "5m", "notify": ["nobody"]},
              {"kind": "dead_letters", "threshold": 1, "window": "5m",
               "subscription_id": "sub_none"},
              {"id": "a b", "kind": "ledger_gap", "per": "all", "threshold": 1}]}
            """);

    assertThat(reply.status()).isEqualTo(422);
    var pointers =
        StreamSupport.stream(reply.json().path("errors").spliterator(), false)
            .map(it -> it.path("pointer").asText().replaceAll("^/items/(\\d+).*", "$1"))
            .distinct()
            .toList();
    assertThat(pointers)
        .containsExactlyInAnyOrder("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
  }

  @Test
  void aTenantHasRulesOfItsOwnForWhatIsItsOwn() {
    var mine = tenantKey("acme");
    var theirs = tenantKey("beta");
    var foreign =
        fanfare
            .post(
                "/v1/subscriptions",
                "{\"tenant\":\"beta\",\"url\":\"http://127.0.0.1:1/\",\"event_types\":[\"*\"]}")
            .json()
            .path("id")
            .asText();

    var put = put(mine, "{\"items\":[{\"kind\":\"consecutive_failures\",\"threshold\":3}]}");

    assertThat(put.status()).as(put.text()).isEqualTo(200);
    assertThat(put.json().path("items").path(0).path("tenant").asText()).isEqualTo("acme");
    assertThat(items(fanfare.send(fanfare.request("/v1/alert-rules", theirs).GET()))).isEmpty();
    assertThat(items(fanfare.get("/v1/alert-rules?tenant=acme"))).hasSize(1);
    for (var refused :
        List.of(
            "{\"kind\":\"ledger_gap\",\"per\":\"all\",\"threshold\":1}",
            "{\"kind\":\"consecutive_failures\",\"threshold\":3,\"tenant\":\"beta\"}",
            "{\"kind\":\"consecutive_failures\",\"threshold\":3,\"subscription_id\":\""
                + foreign
                + "\"}")) {
      assertThat(put(mine, "{\"items\":[" + refused + "]}").status()).as(refused).isEqualTo(422);
    }
    assertThat(fanfare.send(fanfare.request("/v1/alert-rules?tenant=beta", mine).GET()).status())
        .isEqualTo(404);
    assertThat(fanfare.status(fanfare.anonymous("/v1/alerts").GET())).isEqualTo(401);
  }

  private static JsonNode items(Reply reply) {
    return reply.json().path("items");
  }

  private static Reply put(String json) {
    return put(TestFanfare.KEY, json);
  }

  private static Reply put(String key, String json) {
    return fanfare.send(
        fanfare
            .request("/v1/alert-rules", key)
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString(json)));
  }

  private static String tenantKey(String tenant) {
    fanfare.post("/v1/tenants", "{\"id\":\"" + tenant + "\"}");
    return fanfare
        .post("/v1/keys", "{\"role\":\"tenant\",\"tenant\":\"" + tenant + "\"}")
        .json()
        .path("key")
        .asText();
  }
}

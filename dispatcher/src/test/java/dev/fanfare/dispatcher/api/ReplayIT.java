package dev.fanfare.dispatcher.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.dispatcher.app.Role;
import dev.fanfare.dispatcher.app.TestFanfare;
import dev.fanfare.testkit.kafka.SharedKafka;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Replays through the API, on a dispatcher that fans out, delivers and runs them. Nothing listens
/// at the endpoints: what matters here are the jobs.
class ReplayIT {
  private static final Duration ENOUGH = Duration.ofMinutes(2);
  private static TestFanfare fanfare;

  @BeforeAll
  static void start() {
    var config =
        TestFanfare.config(
            SharedKafka.bootstrap(),
            SharedKafka.prefix(ReplayIT.class),
            "api_key: " + TestFanfare.KEY);
    fanfare = TestFanfare.start(config, Set.of(Role.API, Role.RETRY, Role.FANOUT));
  }

  @AfterAll
  static void stop() {
    fanfare.close();
  }

  @Test
  void fillsANewSubscriptionUpWithWhatHappenedBeforeAndReplaysThatAgain() {
    // Given: events that nobody wanted yet
    for (int i = 0; i < 5; i++) {
      var sent = fanfare.post("/v1/events", event("backfill", "bf_" + i));
      assertThat(sent.status()).isEqualTo(202);
    }
    var id = subscription("backfill");
    var wish = "{\"source\":\"events\",\"filter\":{\"subscription\":\"%s\"},\"rate\":100%s}";

    // When
    var dry = fanfare.post("/v1/replays", wish.formatted(id, ",\"dry_run\":true"));
    var made = fanfare.post("/v1/replays", wish.formatted(id, ""), "Idempotency-Key", "bf-1");
    var again = fanfare.post("/v1/replays", wish.formatted(id, ""), "Idempotency-Key", "bf-1");

    // Then
    assertThat(dry.status()).isEqualTo(200);
    assertThat(dry.json().path("count").asInt()).isEqualTo(5);
    assertThat(dry.json().path("estimated_seconds").asInt()).isEqualTo(1);
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.header("Location")).isEqualTo("/v1/replays/" + idOf(made.json()));
    assertThat(idOf(again.json())).isEqualTo(idOf(made.json()));
    var job = awaitState(idOf(made.json()), "finished");
    assertThat(job.path("released").asInt()).isEqualTo(5);
    assertThat(job.path("total").asInt()).isEqualTo(5);
    assertThat(job.path("error").isNull()).isTrue();

    // and a delivery of it can be delivered again
    var none = fanfare.post("/v1/deliveries/dlv_unknown/replay", "{}");
    assertThat(none.status()).isEqualTo(201); // no log is asked here, so it is searched for
    assertThat(awaitState(idOf(none.json()), "finished").path("total").asInt()).isZero();
  }

  @Test
  void isPausedResumedAndCancelled() {
    for (int i = 0; i < 3; i++) {
      assertThat(fanfare.post("/v1/events", event("steer", "st_" + i)).status()).isEqualTo(202);
    }
    var id = subscription("steer");
    var made =
        fanfare.post(
            "/v1/replays",
            "{\"source\":\"events\",\"filter\":{\"subscription\":\"%s\"},\"rate\":0.01}"
                .formatted(id));
    var path = "/v1/replays/" + idOf(made.json());
    awaitState(idOf(made.json()), "running");
    assertThat(fanfare.post(path + "/pause", "").status()).isEqualTo(202);
    awaitState(idOf(made.json()), "paused");
    assertThat(fanfare.post(path + "/resume", "").status()).isEqualTo(202);
    awaitState(idOf(made.json()), "running");
    assertThat(fanfare.post(path + "/cancel", "").status()).isEqualTo(202);
    var job = awaitState(idOf(made.json()), "cancelled");
    assertThat(job.path("released").asInt()).isZero();
    assertThat(fanfare.post(path + "/resume", "").status()).isEqualTo(409);
    var list = fanfare.get("/v1/replays?limit=1");
    assertThat(list.json().path("items")).hasSize(1);
    assertThat(list.json().has("next_cursor")).isTrue();
  }

  @Test
  void saysEverythingThatIsWrong() {
    var reply =
        fanfare.post(
            "/v1/replays",
            """
            {"source": "letters", "rate": -1, "dry_run": "yes", "speed": 3,
             "filter": {"since": "yesterday", "fingerprint": "x", "subscription": "sub_none"}}
            """);
    assertThat(reply.status()).isEqualTo(422);
    assertThat(reply.json().path("errors").findValuesAsText("pointer"))
        .contains(
            "/source",
            "/rate",
            "/dry_run",
            "/speed",
            "/filter/since",
            "/filter/fingerprint",
            "/filter/subscription");
    assertThat(fanfare.get("/v1/replays/rpl_none").status()).isEqualTo(404);
    assertThat(fanfare.post("/v1/replays/rpl_none/pause", "").status()).isEqualTo(404);
  }

  private static JsonNode awaitState(String id, String word) {
    await()
        .atMost(ENOUGH)
        .until(() -> fanfare.get("/v1/replays/" + id).json().path("state").asText().equals(word));
    return fanfare.get("/v1/replays/" + id).json();
  }

  private static String subscription(String tenant) {
    var made =
        fanfare.post(
            "/v1/subscriptions",
            "{\"tenant\":\"%s\",\"url\":\"http://127.0.0.1:9/\",\"event_types\":[\"*\"]}"
                .formatted(tenant));
    assertThat(made.status()).isEqualTo(201);
    return made.json().path("id").asText();
  }

  private static String event(String tenant, String id) {
    return """
    {"tenant":"%s","type":"email.sent","event_id":"%s","recipient":"a@b.example","message_id":"m"}
    """
        .formatted(tenant, id);
  }

  private static String idOf(JsonNode job) {
    return job.path("id").asText();
  }
}

package dev.fanfare.dispatcher.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.dispatcher.app.Role;
import dev.fanfare.dispatcher.app.TestFanfare;
import dev.fanfare.testkit.kafka.SharedKafka;
import dev.fanfare.testkit.receiver.Received;
import dev.fanfare.testkit.receiver.Receiver;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A new subscription that chooses by an expression is filled up with what happened before it, up
/// to its endpoint.
class BackfillIT {
  private static final Duration ENOUGH = Duration.ofMinutes(2);
  private static TestFanfare fanfare;
  private static Receiver receiver;

  @BeforeAll
  static void start() {
    receiver = Receiver.start();
    var config =
        TestFanfare.config(
            SharedKafka.bootstrap(),
            SharedKafka.prefix(BackfillIT.class),
            "api_key: " + TestFanfare.KEY);
    fanfare =
        TestFanfare.start(config, EnumSet.of(Role.API, Role.RETRY, Role.FANOUT, Role.DELIVER));
  }

  @AfterAll
  static void stop() {
    fanfare.close();
    receiver.close();
  }

  @Test
  void anExpressionChoosesAmongWhatHappenedBefore() {
    // Given: events before anybody subscribes
    happened("hard_vip", "email.bounced", "ann@vip.example", bounce("hard", 550));
    happened("hard_other", "email.bounced", "bob@other.example", bounce("hard", 550));
    happened("soft_vip", "email.bounced", "cid@vip.example", bounce("soft", 421));
    happened("sent_vip", "email.sent", "dan@vip.example", "");
    happened("hard_vip_again", "email.bounced", "eve@vip.example", bounce("hard", 551));
    var expression = "event.bounce.smtp_code >= 500 && event.recipient.endsWith('@vip.example')";
    var id = subscription("{\"expression\":\"" + expression + "\"}");
    var wish =
        "{\"source\":\"events\",\"filter\":{\"subscription\":\"%s\"},\"rate\":100%s}"
            .formatted(id, "%s");

    // When
    var dry = fanfare.post("/v1/replays", wish.formatted(",\"dry_run\":true"));
    var made = fanfare.post("/v1/replays", wish.formatted(""));

    // Then
    assertThat(dry.json().path("count").asInt()).as(dry.text()).isEqualTo(2);
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    var job = awaitFinished(made.json().path("id").asText());
    assertThat(job.path("released").asInt()).isEqualTo(2);
    assertThat(job.path("total").asInt()).isEqualTo(2);
    await().atMost(ENOUGH).until(() -> ids().size() >= 2);

    // and from then on it chooses among what happens; the last shows that nothing else came
    happened("later_soft", "email.bounced", "fay@vip.example", bounce("soft", 421));
    happened("later_hard", "email.bounced", "gus@vip.example", bounce("hard", 552));
    await().atMost(ENOUGH).until(() -> ids().contains("later_hard"));
    assertThat(ids()).containsExactlyInAnyOrder("hard_vip", "hard_vip_again", "later_hard");
  }

  private static List<String> ids() {
    return receiver.requests().stream()
        .map((Received it) -> it.header("webhook-id").orElseThrow())
        .toList();
  }

  private static JsonNode awaitFinished(String id) {
    await()
        .atMost(ENOUGH)
        .until(() ->
            fanfare.get("/v1/replays/" + id).json().path("state").asText().equals("finished"));
    return fanfare.get("/v1/replays/" + id).json();
  }

  private static String subscription(String filter) {
    var made =
        fanfare.post(
            "/v1/subscriptions",
            "{\"tenant\":\"acme\",\"url\":\"%s\",\"event_types\":[\"*\"],\"filter\":%s}"
                .formatted(receiver.url("/hook"), filter));
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    return made.json().path("id").asText();
  }

  private static String bounce(String kind, int code) {
    return ",\"bounce\":{\"kind\":\"%s\",\"smtp_code\":%d}".formatted(kind, code);
  }

  /// All under one key, so in their order.
  private static void happened(String id, String type, String recipient, String details) {
    var sent =
        fanfare.post(
            "/v1/events",
            """
            {"tenant":"acme","type":"%s","event_id":"%s","recipient":"%s","message_id":"m"%s}\
            """
                .formatted(type, id, recipient, details));
    assertThat(sent.status()).as(sent.text()).isEqualTo(202);
  }
}

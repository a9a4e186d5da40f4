package dev.fanfare.dispatcher.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.dispatcher.app.Role;
import dev.fanfare.dispatcher.app.TestFanfare;
import dev.fanfare.dispatcher.app.TestFanfare.Reply;
import dev.fanfare.testkit.kafka.SharedKafka;
import dev.fanfare.testkit.receiver.Answer;
import dev.fanfare.testkit.receiver.Receiver;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Filter expressions over HTTP: tried on recent events, refused with their faults, and obeyed.
class PreviewIT {
  private static TestFanfare fanfare;

  @BeforeAll
  static void start() {
    fanfare =
        TestFanfare.start(
            TestFanfare.config(
                SharedKafka.bootstrap(),
                SharedKafka.prefix(PreviewIT.class),
                "api_key: " + TestFanfare.KEY),
            Set.of(Role.API, Role.FANOUT, Role.DELIVER));
    for (int i = 0; i < 8; i++) {
      event(
          "acme",
          "email.bounced",
          "\"bounce\":{\"kind\":\"hard\",\"smtp_code\":%d}".formatted(548 + i));
    }
    event("acme", "email.delivered", "\"tags\":[\"welcome\"]");
    event("other", "email.bounced", "\"bounce\":{\"kind\":\"hard\",\"smtp_code\":550}");
  }

  @AfterAll
  static void stop() {
    fanfare.close();
  }

  private static String event(String tenant, String type, String more) {
    var reply =
        fanfare.post(
            "/v1/events",
            """
            {"type":"%s","tenant":"%s","recipient":"a@b.example","message_id":"m",%s}\
            """
                .formatted(type, tenant, more));
    assertThat(reply.status()).as(reply.text()).isEqualTo(202);
    return reply.json().path("event_id").asText();
  }

  private static Reply preview(String tenant, String types, String expression) {
    return fanfare.post(
        "/v1/subscriptions/preview",
        """
        {"tenant":"%s","event_types":["%s"],"filter":{"expression":"%s"}}\
        """
            .formatted(tenant, types, expression));
  }

  @Test
  void tellsHowManyOfATenantsEventsMatch() {
    var found = preview("acme", "email.*", "event.bounce.smtp_code >= 550");

    assertThat(found.status()).as(found.text()).isEqualTo(200);
    assertThat(found.json().path("matched").asInt()).isEqualTo(6);
    assertThat(found.json().path("of").asInt()).isEqualTo(9);
    assertThat(found.json().path("complete").asBoolean()).isTrue();
    assertThat(found.json().path("oldest").asText()).startsWith("20");
    assertThat(found.json().path("samples"))
        .hasSize(5)
        .allSatisfy(it -> assertThat(it.path("type").asText()).isEqualTo("email.bounced"));
    assertThat(preview("acme", "email.delivered", "true").json().path("matched").asInt())
        .isEqualTo(1);
    assertThat(preview("nobody", "*", "true").json().path("of").asInt()).isZero();
  }

  @Test
  void tellsEverythingThatIsWrongWithAFilter() {
    var refused = preview("acme", "email.nope", "event.nope == 1 || event.type == 3");

    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.header("content-type")).isEqualTo("application/problem+json");
    assertThat(refused.json().path("errors").toString())
        .contains(
            "\"pointer\":\"/filter/expression\"",
            "line 1, column 6: undefined field 'nope'",
            "line 1, column 31: found no matching overload",
            "\"pointer\":\"/event_types/0\"");
    var unknown =
        fanfare.post("/v1/subscriptions/preview", "{\"event_types\":[\"*\"],\"url\":\"x\"}");
    assertThat(unknown.status()).isEqualTo(422);
    assertThat(unknown.text()).contains("/tenant", "/url");
  }

  @Test
  void aTenantTriesOnItsOwnEventsOnly() {
    assertThat(fanfare.post("/v1/tenants", "{\"id\":\"acme\"}").status()).isEqualTo(201);
    var key =
        fanfare
            .post("/v1/keys", "{\"role\":\"tenant\",\"tenant\":\"acme\"}")
            .json()
            .path("key")
            .asText();

    assertThat(asked(key, "{\"event_types\":[\"email.bounced\"]}").json().path("of").asInt())
        .isEqualTo(9);
    assertThat(asked(key, "{\"tenant\":\"other\",\"event_types\":[\"*\"]}").status())
        .isEqualTo(403);
  }

  private static Reply asked(String key, String json) {
    return fanfare.send(
        fanfare
            .request("/v1/subscriptions/preview", key)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }

  @Test
  void aSubscriptionGetsWhatItsExpressionLetsThrough() {
    try (var receiver = Receiver.start()) {
      receiver.answer(Answer.status(200));
      var wish =
          """
          {"tenant":"narrow","url":"%s","event_types":["*"],"filter":{"expression":"%s"}}\
          """;
      var made =
          fanfare.post(
              "/v1/subscriptions",
              wish.formatted(
                  receiver.url("/in"), "event.metadata.n == '2' && 10 / event.tags.size() > 1"));
      assertThat(made.status()).as(made.text()).isEqualTo(201);
      assertThat(made.json().path("filter").path("expression").asText()).contains("metadata.n");
      assertThat(
              fanfare.post("/v1/subscriptions", wish.formatted("https://x.example", "1 +")).text())
          .contains("\"pointer\":\"/filter/expression\"", "line 1, column 4");

      event("narrow", "email.sent", "\"metadata\":{\"n\":\"1\"},\"tags\":[\"a\"]");
      event("narrow", "email.sent", "\"metadata\":{\"n\":\"2\"}"); // divides by no tags
      var wanted = event("narrow", "email.sent", "\"metadata\":{\"n\":\"2\"},\"tags\":[\"a\"]");
      await().atMost(Duration.ofSeconds(60)).until(() -> receiver.count() > 0);

      assertThat(receiver.requests())
          .allMatch(it -> it.header("webhook-id").orElse("").equals(wanted));
      assertThat(fanfare.get("/metrics").text())
          .containsPattern("fanfare_filter_failures_total [1-9]");
    }
  }
}

package dev.fanfare.dispatcher.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.dispatcher.app.Role;
import dev.fanfare.dispatcher.app.TestFanfare;
import dev.fanfare.testkit.kafka.SharedKafka;
import dev.fanfare.testkit.receiver.Answer;
import dev.fanfare.testkit.receiver.Receiver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whom the log shows what, what it does not keep, and what it forgets when asked.
class LogPrivacyIT {
  private static final Duration SOON = Duration.ofMinutes(2);
  private static final List<String> TENANTS = List.of("acme", "shy", "terse");
  private static final String SAID = "no such hook, says the endpoint";

  @TempDir private Path directory;

  /// By tenant.
  private record Keys(Map<String, String> all) {
    String of(String tenant) {
      return Objects.requireNonNull(all.get(tenant), tenant);
    }
  }

  @Test
  void everyTenantSeesItsOwnAndNoMoreThanIsKept() throws Exception {
    var config =
        LogRig.config(
            SharedKafka.prefix(LogPrivacyIT.class),
            directory,
            "redact_recipients: [shy], redact_bodies: [terse]",
            "1s");
    try (var receiver = Receiver.start();
        var fanfare = TestFanfare.start(config, EnumSet.allOf(Role.class))) {
      // Given one delivery that arrives and one that is refused, of each tenant
      receiver.answer(
          request -> request.target().endsWith("/bad") ? Answer.status(413).body(SAID) : Answer.OK);
      var keys = new Keys(new HashMap<>());
      for (var tenant : TENANTS) {
        var _ = good(fanfare.post("/v1/tenants", "{\"id\":\"" + tenant + "\"}"));
        keys.all().put(tenant, key(fanfare, tenant));
        for (var path : List.of("/good", "/bad")) {
          var _ =
              good(
                  fanfare.post(
                      "/v1/subscriptions",
                      """
                      {"tenant":"%s","url":"%s","event_types":["*"]}\
                      """
                          .formatted(tenant, receiver.url(path))));
        }
      }
      try (var stream = EventStream.open(fanfare, keys.of("acme"), "/v1/stream", "")) {
        TENANTS.forEach(tenant -> send(fanfare, tenant));
        await()
            .atMost(SOON)
            .untilAsserted(() -> {
              assertThat(LogRig.items(fanfare, "/v1/deliveries?status=delivered")).hasSize(3);
              assertThat(LogRig.items(fanfare, "/v1/dead-letters")).hasSize(3);
            });
        var seen = stream.until(all -> ended(all) == 2, SOON);
        assertThat(seen)
            .filteredOn(it -> it.name().equals("delivery"))
            .allSatisfy(it -> assertThat(it.data().path("tenant").asText()).isEqualTo("acme"));

        // A stream on which nothing happens says from time to time that it is there, and how far.
        var last = seen.getLast().id();
        await().atMost(SOON).until(() -> stream.signs() > 0 && !stream.lastId().equals(last));
      }

      showsATenantItsOwn(fanfare, keys);
      keepsLessOfWhoAskedForIt(fanfare);
      forgetsATenant(fanfare, keys);
    }
  }

  private static long ended(List<EventStream.Event> all) {
    return all.stream()
        .map(it -> it.data().path("status").asText())
        .filter(status -> status.equals("delivered") || status.equals("dead_lettered"))
        .count();
  }

  private static void showsATenantItsOwn(TestFanfare fanfare, Keys keys) {
    var foreign = LogRig.items(fanfare, "/v1/deliveries?tenant=terse").getFirst();
    for (var path : List.of("/v1/deliveries", "/v1/dead-letters", "/v1/dead-letters/groups")) {
      var own = items(fanfare, keys.of("acme"), path);
      assertThat(own)
          .as(path)
          .hasSize(path.equals("/v1/deliveries") ? 2 : 1)
          .allSatisfy(it -> assertThat(it.path("tenant").asText()).isEqualTo("acme"));
      assertThat(status(fanfare, keys.of("acme"), path + "?tenant=terse")).isEqualTo(404);
      var subscription = foreign.path("subscription_id").asText();
      assertThat(items(fanfare, keys.of("acme"), path + "?subscription=" + subscription))
          .as(path)
          .isEmpty();
    }
    assertThat(status(fanfare, keys.of("acme"), "/v1/deliveries/" + foreign.path("id").asText()))
        .isEqualTo(404);
    assertThat(status(fanfare, keys.of("acme"), "/v1/stream?tenant=terse")).isEqualTo(404);
    assertThat(attempts(fanfare, keys.of("acme"), "/v1/statistics")).isEqualTo(2);
    assertThat(attempts(fanfare, TestFanfare.KEY, "/v1/statistics")).isEqualTo(6);
    assertThat(
            attempts(
                fanfare,
                keys.of("acme"),
                "/v1/statistics?subscription=" + foreign.path("subscription_id").asText()))
        .isZero();
    assertThat(status(fanfare, keys.of("acme"), "/v1/ledger")).isEqualTo(403);
    assertThat(status(fanfare, keys.of("acme"), "/v1/ledger/unaccounted")).isEqualTo(403);
    var overview = fanfare.send(fanfare.request("/v1/overview", keys.of("acme"))).json();
    assertThat(overview.has("ledger")).isFalse();
    assertThat(overview.path("last_5_minutes").path("attempts").asInt()).isEqualTo(2);
  }

  private static void keepsLessOfWhoAskedForIt(TestFanfare fanfare) {
    for (var item : LogRig.items(fanfare, "/v1/deliveries?tenant=shy")) {
      var story = fanfare.get("/v1/deliveries/" + item.path("id").asText());
      assertThat(story.text()).doesNotContain("shy@example.com").doesNotContain(SAID);
      assertThat(story.json().path("recipient").asText()).isEqualTo("[redacted]");
      assertThat(story.json().path("payload").isNull()).isTrue();
      assertThat(story.json().path("history").get(0).path("status").asInt()).isPositive();
    }
    assertThat(LogRig.items(fanfare, "/v1/deliveries?recipient=shy@example.com")).isEmpty();
    for (var item : LogRig.items(fanfare, "/v1/deliveries?tenant=terse")) {
      var story = fanfare.get("/v1/deliveries/" + item.path("id").asText());
      assertThat(story.text()).doesNotContain(SAID);
      assertThat(story.json().path("recipient").asText()).isEqualTo("terse@example.com");
      assertThat(story.json().path("payload").isNull()).isTrue();
    }
    var whole = LogRig.items(fanfare, "/v1/dead-letters?tenant=acme").getFirst();
    var story = fanfare.get("/v1/deliveries/" + whole.path("id").asText());
    assertThat(story.text()).contains(SAID).contains("acme@example.com");
    assertThat(story.json().path("payload").isObject()).isTrue();
  }

  private static void forgetsATenant(TestFanfare fanfare, Keys keys) {
    var path = "/v1/tenants/acme/data";
    assertThat(fanfare.send(fanfare.request(path, keys.of("shy")).DELETE()).status())
        .isEqualTo(404);
    assertThat(LogRig.items(fanfare, "/v1/deliveries?tenant=acme")).hasSize(2);

    await().atMost(SOON).until(() -> fanfare.send("DELETE", path, "").status() == 200);

    for (var list : List.of("/v1/deliveries", "/v1/dead-letters", "/v1/dead-letters/groups")) {
      assertThat(LogRig.items(fanfare, list + "?tenant=acme")).as(list).isEmpty();
      assertThat(LogRig.items(fanfare, list)).as(list).isNotEmpty();
    }
    assertThat(LogRig.items(fanfare, "/v1/deliveries?recipient=acme@example.com")).isEmpty();
    assertThat(LogRig.items(fanfare, "/v1/deliveries?event_id=evt_acme")).isEmpty();
    assertThat(attempts(fanfare, TestFanfare.KEY, "/v1/statistics?tenant=acme")).isZero();
    assertThat(attempts(fanfare, TestFanfare.KEY, "/v1/statistics?tenant=shy")).isEqualTo(2);
  }

  private static int attempts(TestFanfare fanfare, String key, String path) {
    return items(fanfare, key, path).stream().mapToInt(it -> it.path("attempts").asInt()).sum();
  }

  private static List<JsonNode> items(TestFanfare fanfare, String key, String path) {
    var reply = fanfare.send(fanfare.request(path, key));
    assertThat(reply.status()).as(path + " " + reply.text()).isEqualTo(200);
    var items = new ArrayList<JsonNode>();
    reply.json().path("items").forEach(items::add);
    return items;
  }

  private static int status(TestFanfare fanfare, String key, String path) {
    return fanfare.status(fanfare.request(path, key));
  }

  private static String key(TestFanfare fanfare, String tenant) {
    var wish = "{\"role\":\"tenant\",\"tenant\":\"" + tenant + "\"}";
    return good(fanfare.post("/v1/keys", wish)).path("key").asText();
  }

  private static void send(TestFanfare fanfare, String tenant) {
    var _ =
        good(
            fanfare.post(
                "/v1/events",
                """
                {"event_id":"evt_%s","type":"email.delivered","tenant":"%s",
                 "recipient":"%s@example.com","message_id":"msg_1"}\
                """
                    .formatted(tenant, tenant, tenant)));
  }

  private static JsonNode good(TestFanfare.Reply reply) {
    assertThat(reply.status() / 100).as(reply.text()).isEqualTo(2);
    return reply.json();
  }
}

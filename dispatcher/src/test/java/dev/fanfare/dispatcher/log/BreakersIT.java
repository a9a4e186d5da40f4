package dev.fanfare.dispatcher.log;

import static dev.fanfare.dispatcher.log.LogRig.items;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.fanfare.dispatcher.app.Role;
import dev.fanfare.dispatcher.app.TestFanfare;
import dev.fanfare.testkit.kafka.SharedKafka;
import dev.fanfare.testkit.receiver.Answer;
import dev.fanfare.testkit.receiver.Receiver;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the log shows beside deliveries: breakers, when what waits is due, how much comes in.
class BreakersIT {
  private static final Duration ENOUGH = Duration.ofMinutes(2);

  @Test
  void aBreakerIsShownWhileItIsNotClosedWithWhenWhatWaitsIsDueAndWhatCameIn(@TempDir Path directory)
      throws Exception {
    var config = LogRig.config(SharedKafka.prefix(BreakersIT.class), directory, "", "1s, 10m");
    try (var receiver = Receiver.start();
        var fanfare = TestFanfare.start(config, EnumSet.allOf(Role.class))) {
      // Given one endpoint that is well and one that fails
      var sick = LogRig.subscribe(fanfare, receiver, "/sick", "1s");
      var well = LogRig.subscribe(fanfare, receiver, "/well", "1s");
      var _ = LogRig.subscribe(fanfare, receiver, "/slow", "10m");
      receiver.answer(it -> it.target().equals("/well") ? Answer.OK : Answer.status(500));
      var began = Instant.now();

      // When
      for (int i = 0; i < 30; i++) {
        LogRig.send(fanfare, "evt_" + i, "ann@example.com");
      }

      // Then
      var ofSick = "/v1/breakers?subscription=" + sick;
      await()
          .atMost(ENOUGH)
          .until(() ->
              items(fanfare, ofSick).stream()
                  .anyMatch(it -> it.path("state").asText().equals("open")));
      var shown = items(fanfare, ofSick).getFirst();
      assertThat(shown.path("tenant").asText()).isEqualTo("acme");
      assertThat(Instant.parse(shown.path("last_attempt_at").asText())).isAfter(began);
      assertThat(items(fanfare, "/v1/breakers?subscription=" + well)).isEmpty();
      assertThat(items(fanfare, "/v1/breakers"))
          .extracting(it -> it.path("subscription_id").asText())
          .contains(sick)
          .doesNotContain(well);

      // only its tenant sees it
      fanfare.post("/v1/tenants", "{\"id\":\"acme\"}");
      fanfare.post("/v1/tenants", "{\"id\":\"globex\"}");
      assertThat(seenBy(fanfare, "acme")).isPositive();
      assertThat(seenBy(fanfare, "globex")).isZero();

      // and what the slow one has refused is due ten minutes after its attempt
      await()
          .atMost(ENOUGH)
          .until(() ->
              rung(fanfare, "10m").path("waiting").asInt() >= 10
                  && !rung(fanfare, "10m").path("first_due_at").isNull());
      var first = Instant.parse(rung(fanfare, "10m").path("first_due_at").asText());
      var last = Instant.parse(rung(fanfare, "10m").path("last_due_at").asText());
      assertThat(first).isBetween(began.plusSeconds(600), Instant.now().plusSeconds(601));
      assertThat(last).isBetween(first, Instant.now().plusSeconds(900));
      await()
          .atMost(ENOUGH)
          .until(() ->
              fanfare.get("/v1/overview").json().path("events").path("last_5_minutes").asInt()
                  == 30);
      assertThat(fanfare.get("/v1/overview").json().path("events").path("waiting").asInt(-1))
          .isZero();

      // and when it is well again, it closes
      receiver.answer(Answer.OK);
      await().atMost(ENOUGH).until(() -> items(fanfare, ofSick).isEmpty());
    }
  }

  private static JsonNode rung(TestFanfare fanfare, String name) {
    for (var each : fanfare.get("/v1/overview").json().path("waiting")) {
      if (each.path("rung").asText().equals(name)) {
        return each;
      }
    }
    return MissingNode.getInstance();
  }

  private static int seenBy(TestFanfare fanfare, String tenant) {
    var key =
        fanfare
            .post("/v1/keys", "{\"role\":\"tenant\",\"tenant\":\"%s\"}".formatted(tenant))
            .json()
            .path("key")
            .asText();
    var reply = fanfare.send(fanfare.request("/v1/breakers", key).GET());
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply.json().path("items").size();
  }
}

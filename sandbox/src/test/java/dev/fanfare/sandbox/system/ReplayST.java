package dev.fanfare.sandbox.system;

import static dev.fanfare.sandbox.system.Customer.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.testkit.receiver.Answer;
import dev.fanfare.testkit.receiver.Receiver;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An endpoint that refuses for good, its dead letters, its repair, and all of them again.
class ReplayST {
  private static final int EVENTS = 40;
  private static final Duration ENOUGH = Duration.ofMinutes(3);

  @TempDir Path directory;

  @Test
  void whatDiedIsDeliveredAfterTheRepairWithTheSameId() throws Exception {
    var deployment = Deployment.of(getClass(), directory, "");
    try (var receiver = Receiver.start();
        var dispatcher = DispatcherProcess.start(deployment, directory);
        var letters = Journal.of(deployment, deployment.topics().deadLetters())) {
      // Given: 413 is a refusal that no retry mends
      receiver.answer(Answer.status(413));
      var customer = new Customer(dispatcher.api(), "acme");
      customer.subscribe(receiver.url("/hooks"), List.of("email.*"), Map.of());
      var ids = IntStream.range(0, EVENTS).mapToObj(i -> "evt_" + i).toList();
      customer.send("email.delivered", ids);
      letters.until(all -> all.size() >= EVENTS, ENOUGH);

      // When
      receiver.answer(Answer.OK);
      var wish =
          Map.of(
              "source",
              "dead-letters",
              "filter",
              Map.of("reasons", List.of("payload_too_large")),
              "rate",
              100);
      var made = dispatcher.api().post("/v1/replays", wish);
      assertThat(made.status()).isEqualTo(201);

      // Then
      var path = "/v1/replays/" + made.body().path("id").asText();
      await()
          .atMost(ENOUGH)
          .until(() -> state(dispatcher, path).path("state").asText().equals("finished"));
      var all = receiver.await(2 * EVENTS, ENOUGH);
      var again = all.subList(EVENTS, 2 * EVENTS);
      assertThat(again)
          .extracting(it -> header(it, "webhook-id"))
          .containsExactlyInAnyOrderElementsOf(ids);
      assertThat(again).extracting(it -> header(it, "webhook-attempt")).containsOnly("1");
      assertThat(state(dispatcher, path).path("total").asInt()).isEqualTo(EVENTS);
      assertThat(state(dispatcher, path).path("released").asInt()).isEqualTo(EVENTS);
      SettledLedger.of(dispatcher.api(), ENOUGH).has(2 * EVENTS, EVENTS, EVENTS);
    }
  }

  private static JsonNode state(DispatcherProcess dispatcher, String path) throws IOException {
    return dispatcher.api().get(path).body();
  }
}

package dev.fanfare.sandbox.system;

import static dev.fanfare.sandbox.system.Customer.header;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.testkit.receiver.Answer;
import dev.fanfare.testkit.receiver.Received;
import dev.fanfare.testkit.receiver.Receiver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Endpoints that fail, for a while or for ever.
class RetryST {
  private static final Duration ENOUGH = Duration.ofSeconds(60);
  private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
  private static final Duration SECOND_WAIT = Duration.ofSeconds(2);
  private static final Map<String, Object> QUICK = Map.of("retry_schedule", List.of("1s", "2s"));
  private static final String LADDER =
      """
      retry:
        ladder: [1s, 2s]
        schedule: [1s, 2s]
      """;

  @TempDir Path directory;

  @Test
  void aDeliveryThatFailsTwiceArrivesTheThirdTimeUnderTheSameId() throws Exception {
    var deployment = Deployment.of(getClass(), directory, LADDER);
    try (var receiver = Receiver.start();
        var dispatcher = DispatcherProcess.start(deployment, directory);
        var attempts = Journal.of(deployment, deployment.topics().attempts())) {
      var customer = new Customer(dispatcher.api(), "acme");
      var subscribed = customer.subscribe(receiver.url("/"), List.of("*"), QUICK);
      receiver.answerInOrder(Answer.status(503), Answer.status(500), Answer.OK);

      customer.send("email.complained", List.of("evt_1"));

      var requests = receiver.await(3, ENOUGH);
      assertThat(requests).extracting(it -> header(it, "webhook-id")).containsOnly("evt_1");
      assertThat(requests)
          .extracting(it -> header(it, "webhook-attempt"))
          .containsExactly("1", "2", "3");
      for (var request : requests) {
        assertThat(subscribed.signed(request)).isTrue(); // each signed when it was sent
      }
      assertThat(between(requests.get(0), requests.get(1))).isGreaterThanOrEqualTo(FIRST_WAIT);
      assertThat(between(requests.get(1), requests.get(2))).isGreaterThanOrEqualTo(SECOND_WAIT);
      assertThat(requests)
          .extracting(it -> Long.parseLong(header(it, "webhook-timestamp")))
          .as("each has the time of its own sending")
          .isSorted()
          .doesNotHaveDuplicates();
      var outcomes = attempts.until(all -> all.size() >= 3, ENOUGH);
      assertThat(outcomes)
          .extracting(it -> it.getOutcome())
          .containsExactly("retry", "retry", "delivered");
      SettledLedger.of(dispatcher.api(), ENOUGH).has(1, 1, 0);
    }
  }

  @Test
  void aDeliveryThatAlwaysFailsEndsAsADeadLetterWithItsReason() throws Exception {
    var deployment = Deployment.of(getClass(), directory, LADDER);
    try (var receiver = Receiver.start();
        var dispatcher = DispatcherProcess.start(deployment, directory);
        var deadLetters = Journal.of(deployment, deployment.topics().deadLetters())) {
      var customer = new Customer(dispatcher.api(), "acme");
      var subscribed = customer.subscribe(receiver.url("/"), List.of("*"), QUICK);
      receiver.answer(Answer.status(500).body("out of order"));

      customer.send("email.complained", List.of("evt_1"));

      var dead = deadLetters.until(all -> !all.isEmpty(), ENOUGH).getFirst();
      assertThat(dead.getReason()).isEqualTo("expired");
      assertThat(dead.getStatus()).isEqualTo(500);
      assertThat(dead.getDelivery().getSubscriptionId()).isEqualTo(subscribed.id());
      assertThat(dead.getDelivery().getAttempts()).isEqualTo(3);
      assertThat(receiver.count()).isEqualTo(3);
      SettledLedger.of(dispatcher.api(), ENOUGH).has(1, 0, 1);
    }
  }

  private static Duration between(Received one, Received next) {
    return Duration.between(one.arrivedAt(), next.arrivedAt());
  }
}

package dev.fanfare.dispatcher.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.dispatcher.app.Role;
import dev.fanfare.dispatcher.app.TestFanfare;
import dev.fanfare.dispatcher.egress.signature.Secret;
import dev.fanfare.dispatcher.egress.signature.StandardWebhooks;
import dev.fanfare.dispatcher.egress.signature.Verification;
import dev.fanfare.testkit.kafka.SharedKafka;
import dev.fanfare.testkit.receiver.Answer;
import dev.fanfare.testkit.receiver.Received;
import dev.fanfare.testkit.receiver.Receiver;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/// Secrets change while deliveries are under way, and no receiver has to know at which moment.
class RotationIT {
  private static final Duration SOON = Duration.ofSeconds(90);

  private final Queue<String> sent = new ConcurrentLinkedQueue<>();

  @Test
  void aReceiverThatKnowsEitherSecretVerifiesEveryDelivery() throws InterruptedException {
    var config =
        TestFanfare.config(
            SharedKafka.bootstrap(),
            SharedKafka.prefix(RotationIT.class),
            "api_key: " + TestFanfare.KEY);
    try (var receiver = Receiver.start();
        var fanfare = TestFanfare.start(config, Set.of(Role.API, Role.FANOUT, Role.DELIVER))) {
      receiver.keep(100_000);
      receiver.answer(Answer.status(200));
      var made =
          fanfare.post(
              "/v1/subscriptions",
              "{\"tenant\":\"acme\",\"url\":\"%s\",\"event_types\":[\"*\"]}"
                  .formatted(receiver.url("/hook")));
      assertThat(made.status()).as(made.text()).isEqualTo(201);
      var path = "/v1/subscriptions/" + made.json().path("id").asText();
      var old = made.json().path("secret").asText();
      var tried = fanfare.post(path + "/test", "{\"type\":\"email.clicked\"}");
      assertThat(tried.status()).as(tried.text()).isEqualTo(200);
      assertThat(tried.json().path("outcome").asText()).isEqualTo("answered");
      assertThat(tried.json().path("status").asInt()).isEqualTo(200);
      assertThat(receiver.requests())
          .singleElement()
          .satisfies(it -> {
            assertThat(verifies(it, old)).isTrue();
            assertThat(it.text()).contains("\"type\":\"email.clicked\"");
          });
      var stop = new AtomicBoolean();
      var traffic = Thread.ofVirtual().start(() -> send(fanfare, stop));
      try {
        awaitMore(receiver, 50);
        var fresh = rotate(fanfare, path, "1h");
        int afterRotation = sent.size();
        awaitMore(receiver, 200);

        assertThat(receiver.requests()).allMatch(it -> verifies(it, old));
        assertThat(since(receiver, afterRotation))
            .hasSizeGreaterThan(50)
            .allMatch(it -> verifies(it, fresh));

        var last = rotate(fanfare, path, "3s");
        int afterSecond = sent.size();
        await()
            .atMost(SOON)
            .until(
                () -> since(receiver, afterSecond).stream().anyMatch(it -> !verifies(it, fresh)));
        int afterOverlap = sent.size();
        awaitMore(receiver, 200);

        assertThat(since(receiver, afterSecond)).allMatch(it -> verifies(it, last));
        assertThat(since(receiver, afterOverlap))
            .hasSizeGreaterThan(50)
            .noneMatch(it -> verifies(it, fresh) || verifies(it, old));
      } finally {
        stop.set(true);
        traffic.join();
      }
      await()
          .atMost(SOON)
          .untilAsserted(() ->
              assertThat(
                      receiver.requests().stream()
                          .map(it -> it.header("webhook-id").orElse(""))
                          .distinct())
                  .containsAll(sent));
    }
  }

  private void send(TestFanfare fanfare, AtomicBoolean stop) {
    while (!stop.get()) {
      var reply =
          fanfare.post(
              "/v1/events",
              """
              {"type":"email.sent","tenant":"acme","recipient":"a@b.example","message_id":"m"}\
              """);
      assertThat(reply.status()).isEqualTo(202);
      sent.add(reply.json().path("event_id").asText());
    }
  }

  private static String rotate(TestFanfare fanfare, String path, String overlap) {
    var reply = fanfare.post(path + "/secret/rotate", "{\"overlap\":\"" + overlap + "\"}");
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply.json().path("secret").asText();
  }

  private static void awaitMore(Receiver receiver, int requests) {
    long before = receiver.count();
    await().atMost(SOON).until(() -> receiver.count() >= before + requests);
  }

  /// Of the events that were handed in after so many others had been acknowledged.
  private List<Received> since(Receiver receiver, int number) {
    var all = List.copyOf(sent); // more come while we look
    var later = Set.copyOf(all.subList(number, all.size()));
    return receiver.requests().stream()
        .filter(it -> later.contains(it.header("webhook-id").orElse("")))
        .toList();
  }

  private static boolean verifies(Received request, String secret) {
    return StandardWebhooks.verify(
            List.of(Secret.parse(secret)),
            request.header("webhook-id").orElse(""),
            request.header("webhook-timestamp").orElse(""),
            request.header("webhook-signature").orElse(""),
            request.body(),
            request.arrivedAt(),
            StandardWebhooks.TOLERANCE)
        == Verification.VALID;
  }
}

package dev.fanfare.sandbox.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.schemas.avro.Attempt;
import dev.fanfare.testkit.receiver.Answer;
import dev.fanfare.testkit.receiver.Receiver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A dispatcher that is told to end (SIGTERM) amid its work: what is in flight ends within the
/// bound and is settled, and only what is cut off at the bound comes again.
class ShutdownST {
  private static final int EVENTS = 400;
  private static final Duration ENOUGH = Duration.ofMinutes(2);
  private static final Duration DRAIN = Duration.ofSeconds(4);

  /// What a JVM on a busy machine may need for all the rest.
  private static final Duration MARGIN = Duration.ofSeconds(20);

  /// Longer than a delivery is in flight when it is told to end, shorter than the bound.
  private static final Duration THINKS = Duration.ofMillis(500);

  @TempDir Path directory;

  @Test
  void whatIsInFlightEndsWithinTheBoundAndIsSettledAndNotPostedAgain() throws Exception {
    var deployment =
        Deployment.of(
            getClass(),
            directory,
            """
            delivery:
              drain: %ds
              timeout: 30s
            """
                .formatted(DRAIN.toSeconds()));
    try (var receiver = Receiver.start();
        var dispatcher = DispatcherProcess.start(deployment, directory);
        var attempts = Journal.of(deployment, deployment.topics().attempts())) {
      // Given
      var posts = new Posts();
      receiver.keep(0);
      receiver.answer(request -> {
        boolean first = posts.take(request) == 1;
        boolean hangs = request.target().equals("/hangs") && first;
        return Answer.OK.after(hangs ? Duration.ofMinutes(1) : THINKS);
      });
      var customer = new Customer(dispatcher.api(), "acme");
      customer.subscribe(receiver.url("/"), List.of("email.delivered"), Map.of());
      customer.subscribe(receiver.url("/hangs"), List.of("email.bounced"), Map.of());
      customer.send("email.bounced", List.of("hanging"));
      customer.send(
          "email.delivered", IntStream.range(0, EVENTS).mapToObj(i -> "evt_" + i).toList());
      await().atMost(ENOUGH).until(() -> posts.deliveries() > 30 && posts.came("/hangs"));

      // When
      boolean ended = dispatcher.terminate(DRAIN.plus(MARGIN));

      // Then
      var made = posts.attempts();
      assertThat(ended).as("by itself").isTrue();
      assertThat(made).as("it was told amid its work").hasSizeLessThan(EVENTS);
      var hung = made.stream().filter(it -> it.startsWith("/hangs ")).toList();
      var settled = delivered(attempts.toEnd());
      assertThat(settled).as("what ended is settled").hasSize(made.size() - hung.size());
      System.out.printf(
          "told to end amid %d POSTs: %d settled, %d cut off%n",
          made.size(), settled.size(), hung.size());

      // and when it is back, all that was not made is made, and only what was cut off again
      dispatcher.restart();
      attempts.until(all -> delivered(all).size() >= EVENTS + 1, ENOUGH);
      assertThat(posts.deliveries()).isEqualTo(EVENTS + 1);
      assertThat(posts.repeated().keySet()).containsExactlyInAnyOrderElementsOf(hung);
    }
  }

  private static List<String> delivered(List<Attempt> attempts) {
    return attempts.stream()
        .filter(it -> it.getOutcome().equals("delivered"))
        .map(Attempt::getDeliveryId)
        .collect(Collectors.toList());
  }
}

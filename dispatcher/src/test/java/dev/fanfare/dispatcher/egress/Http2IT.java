package dev.fanfare.dispatcher.egress;

import static dev.fanfare.dispatcher.egress.TestEgress.LOOPBACK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.dispatcher.egress.Reply.Answered;
import dev.fanfare.dispatcher.egress.Reply.Fault;
import dev.fanfare.dispatcher.egress.Reply.Unanswered;
import dev.fanfare.testkit.receiver.Http2Misbehaviour;
import dev.fanfare.testkit.receiver.Http2Receiver;
import dev.fanfare.testkit.receiver.TestCertificate;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import okhttp3.Dns;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// HTTP/2, where TLS offers it: one connection for many calls, which is good as long as it lives.
@Timeout(60)
class Http2IT {
  private static final Duration SHORT = Duration.ofMillis(1500);
  private static final Duration LONG = Duration.ofSeconds(20);

  /// Of one call; and what two sockets and their TLS hold.
  private static final long MOST_FLOODED = 12L << 20;

  private final TestCertificate certificate = TestCertificate.forLoopback();
  private final HttpEgress egress = TestEgress.trusting(certificate, LOOPBACK, Dns.SYSTEM);
  private final Http2Receiver peer = Http2Receiver.start(certificate, Http2Misbehaviour.NONE);

  @AfterEach
  void stop() {
    egress.close();
    peer.close();
  }

  @Test
  void manyCallsShareOneConnection() throws Exception {
    assertThat(egress.post(Posts.to(peer.url()))).isInstanceOf(Answered.class);

    for (var reply : post(50, LONG)) {
      assertThat(reply)
          .isInstanceOfSatisfying(
              Answered.class, answered -> assertThat(answered.status()).isEqualTo(200));
    }
    assertThat(peer.requests()).isEqualTo(51);
    assertThat(peer.connections()).isEqualTo(1);
  }

  @Test
  void tellsWhatWasSentAsHttp2HasIt() {
    var reply = egress.post(Posts.to(peer.url(), Map.of("X-Api-Key", "secret")));

    assertThat(reply.sent().headers())
        .containsEntry("webhook-id", "evt_1")
        .containsKey("webhook-signature")
        .doesNotContainKeys("x-api-key", "connection");
  }

  /// Ending a stream does not end its connection; a dead one must not swallow every later call.
  @Test
  void aConnectionThatFellSilentIsNotUsedAgain() {
    assertThat(egress.post(Posts.to(peer.url()))).isInstanceOf(Answered.class);
    peer.becomeOnFirstConnection(Http2Misbehaviour.HANG);

    assertThat(egress.post(Posts.to(peer.url(), Duration.ofMillis(800))))
        .isInstanceOfSatisfying(
            Unanswered.class,
            unanswered -> assertThat(unanswered.fault()).isEqualTo(Fault.TIMEOUT));

    assertThat(egress.post(Posts.to(peer.url()))).isInstanceOf(Answered.class);
    assertThat(peer.connections()).isEqualTo(2);
    await().until(() -> peer.openConnections() == 1);
  }

  @ParameterizedTest
  @CsvSource({
    "HANG, TIMEOUT, waiting for the answer",
    "DRIP_BODY, TIMEOUT, reading the answer",
    "NO_WINDOW, TIMEOUT, sending the request",
    "REFUSE_STREAM, RESET, REFUSED_STREAM",
    "FAIL_STREAM, RESET, INTERNAL_ERROR",
    "GO_AWAY_UNSEEN, RESET, ''",
    "RESET_CONNECTION, RESET, ''",
    "BODY_BEFORE_HEAD, PROTOCOL, too much",
    "ENDLESS_HEAD, PROTOCOL, not valid HTTP",
    "HEAD_BOMB, PROTOCOL, not valid HTTP",
    "ENDLESS_HINTS, PROTOCOL, too much",
    "PING_FLOOD, PROTOCOL, too much",
    "SETTINGS_FLOOD, PROTOCOL, too much",
    "GARBAGE, PROTOCOL, not valid HTTP"
  })
  void isUnanswered(Http2Misbehaviour misbehaviour, Fault fault, String message) {
    peer.become(misbehaviour);

    var timeout = fault == Fault.TIMEOUT ? SHORT : LONG;
    var body = ByteBuffer.allocate(100_000); // more than may be sent at first
    var reply = egress.post(Posts.post("sub_1", peer.url(), Map.of(), timeout, body));

    assertThat(reply)
        .isInstanceOfSatisfying(
            Unanswered.class,
            unanswered -> {
              assertThat(unanswered.fault()).as(unanswered.message()).isEqualTo(fault);
              assertThat(unanswered.message()).contains(message);
            });
    leftNothingBehind();
  }

  @Test
  void aBodyWithoutEndIsAnAnswer() {
    peer.become(Http2Misbehaviour.ENDLESS_BODY);

    for (int i = 0; i < 3; i++) {
      assertThat(egress.post(Posts.to(peer.url(), LONG))).isInstanceOf(Answered.class);
    }

    assertThat(peer.requests()).isEqualTo(3);
    assertThat(peer.flooded()).isLessThan(3 * MOST_FLOODED);
  }

  /// What is sent while the farewell is under way is refused by it, and is not sent again from
  /// here: it is tried again as the schedule says. What comes after it goes over a new connection.
  @Test
  void aFarewellAfterTheAnswerRefusesAtMostWhatCrossesIt() {
    peer.become(Http2Misbehaviour.GO_AWAY_AFTER_ANSWER);

    int answered = 0;
    for (int calls = 0; answered < 3; calls++) {
      assertThat(calls).as("each farewell is crossed once at most").isLessThan(6);
      switch (egress.post(Posts.to(peer.url(), LONG))) {
        case Answered _ -> answered++;
        case Unanswered(var fault, var message, _) ->
            assertThat(fault).as(message).isEqualTo(Fault.RESET);
        case Reply.Blocked blocked -> throw new AssertionError(blocked);
      }
    }

    assertThat(peer.requests()).as("nothing was sent twice").isBetween(3L, 6L);
  }

  /// Where HTTP/2 says that a request was not looked at, clients like to send it again.
  @ParameterizedTest
  @EnumSource(
      value = Http2Misbehaviour.class,
      names = {"REFUSE_STREAM", "FAIL_STREAM", "GO_AWAY_UNSEEN", "RESET_CONNECTION", "GARBAGE"})
  void neverSendsTwiceOnItsOwn(Http2Misbehaviour misbehaviour) {
    peer.become(misbehaviour);

    for (int i = 1; i <= 10; i++) {
      assertThat(egress.post(Posts.to(peer.url(), LONG))).isInstanceOf(Unanswered.class);
      assertThat(peer.requests()).isEqualTo(i);
    }
  }

  /// All that is sent before a head is kept by the client, for each stream 16 MiB by itself.
  @Test
  void manyCallsThatAreSentABodyBeforeTheHeadHoldLittle() throws Exception {
    assertThat(egress.post(Posts.to(peer.url()))).isInstanceOf(Answered.class);
    peer.become(Http2Misbehaviour.BODY_BEFORE_HEAD);

    for (var reply : post(16, LONG)) {
      assertThat(reply).isInstanceOf(Unanswered.class);
    }

    assertThat(peer.flooded()).isLessThan(16 * (2L << 20) + MOST_FLOODED);
    leftNothingBehind();
  }

  private List<Reply> post(int calls, Duration timeout) throws Exception {
    var replies = new ArrayList<Reply>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = new ArrayList<Future<Reply>>();
      for (int i = 0; i < calls; i++) {
        running.add(threads.submit(() -> egress.post(Posts.to(peer.url(), timeout))));
      }
      for (var reply : running) {
        replies.add(reply.get());
      }
    }
    return replies;
  }

  private void leftNothingBehind() {
    assertThat(egress.callsInFlight()).isZero();
    egress.close();
    await().until(() -> egress.openConnections() == 0 && peer.openConnections() == 0);
    assertThat(peer.flooded()).as("read, or held by the kernel").isLessThan(64L << 20);
  }
}

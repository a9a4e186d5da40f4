package dev.fanfare.dispatcher.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.dispatcher.egress.EgressSettings.Pools;
import dev.fanfare.dispatcher.egress.Reply.Answered;
import dev.fanfare.dispatcher.egress.Reply.Fault;
import dev.fanfare.dispatcher.egress.Reply.Unanswered;
import dev.fanfare.testkit.receiver.HostileReceiver;
import dev.fanfare.testkit.receiver.Misbehaviour;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Whatever a stranger's server does comes back as the reply that the contract names, once per
/// POST, in time, and leaves nothing open behind.
@Timeout(60)
class HostileReceiverIT {
  /// For calls that are to time out; the others have all the time they need on a busy machine.
  private static final Duration SHORT = Duration.ofMillis(800);

  private static final Duration LONG = Duration.ofSeconds(20);

  /// What one call reads at most, and generous buffers of two sockets.
  private static final long MOST_FLOODED = 24L << 20;

  private static final EgressSettings LOOPBACK =
      new EgressSettings(
          Duration.ofSeconds(5),
          64 * 1024,
          4096,
          true,
          List.of("127.0.0.0/8"),
          new Pools(100, 8, Duration.ofMillis(300)),
          Optional.empty());

  private final HttpEgress egress = new HttpEgress(LOOPBACK, "1.2.3", InstantSource.system());

  @AfterEach
  void stop() {
    egress.close();
  }

  @ParameterizedTest
  @CsvSource({
    "HANG_ON_ACCEPT, TIMEOUT, waiting for the answer",
    "HANG_AFTER_REQUEST, TIMEOUT, waiting for the answer",
    "DRIP_HEAD, TIMEOUT, waiting for the answer",
    "DRIP_BODY, TIMEOUT, reading the answer",
    "HANG_IN_HANDSHAKE, TIMEOUT, the TLS handshake",
    "RESET_BEFORE_ANSWER, RESET, waiting for the answer",
    "CLOSE_BEFORE_ANSWER, RESET, waiting for the answer",
    "CLOSE_MID_HEAD, RESET, waiting for the answer",
    "RESET_MID_BODY, RESET, reading the answer",
    "CLOSE_MID_BODY, PROTOCOL, body",
    "ENDLESS_CHUNK_EXTENSION, PROTOCOL, body",
    "GARBAGE_CHUNK, PROTOCOL, body",
    "NEGATIVE_LENGTH, PROTOCOL, length",
    "GARBAGE_LENGTH, PROTOCOL, length",
    "ENDLESS_HEADERS, PROTOCOL, head",
    "ENDLESS_HEADER, PROTOCOL, head",
    "ENDLESS_CONTINUE, PROTOCOL, head",
    "GARBAGE, PROTOCOL, not valid HTTP",
    "GARBAGE_STATUS, PROTOCOL, not valid HTTP",
    "RESET_IN_HANDSHAKE, TLS, TLS handshake",
    "PLAINTEXT_FOR_TLS, TLS, TLS",
    "UNTRUSTED_CERTIFICATE, TLS, certificate",
    "EXPIRED_CERTIFICATE, TLS, certificate",
    "FOREIGN_CERTIFICATE, TLS, certificate",
    "HALF_CLOSE, RESET, waiting for the answer",
    "HALF_CLOSE_MID_BODY, PROTOCOL, body"
  })
  void isUnanswered(Misbehaviour misbehaviour, Fault fault, String message) {
    try (var hostile = HostileReceiver.start(misbehaviour)) {
      var reply = post(hostile, fault == Fault.TIMEOUT ? SHORT : LONG);

      assertThat(reply)
          .isInstanceOfSatisfying(
              Unanswered.class,
              unanswered -> {
                assertThat(unanswered.fault()).as(unanswered.message()).isEqualTo(fault);
                assertThat(unanswered.message()).contains(message).doesNotContain("secret");
              });
      leftNothingBehind(hostile);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ENDLESS_BODY, 200",
    "ENDLESS_CHUNKS, 200",
    "MANY_HEADERS, 200",
    "GZIP_BOMB, 200",
    "CONTINUE_THEN_OK, 200",
    "SETS_COOKIE, 200",
    "SWITCHING_PROTOCOLS, 101",
    "NO_CONTENT_WITH_BODY, 204",
    "REDIRECT_TO_METADATA, 307",
    "ASKS_FOR_CREDENTIALS, 401",
    "ASKS_FOR_PROXY_CREDENTIALS, 407",
    "REQUEST_TIMEOUT, 408",
    "RETRY_AT_ONCE, 503"
  })
  void isAnswered(Misbehaviour misbehaviour, int status) {
    try (var hostile = HostileReceiver.start(misbehaviour)) {
      var reply = post(hostile);

      assertThat(reply)
          .isInstanceOfSatisfying(
              Answered.class,
              answered -> {
                assertThat(answered.status()).isEqualTo(status);
                assertThat(answered.body().remaining()).isLessThanOrEqualTo(4096);
                assertThat(answered.headers()).hasSizeLessThanOrEqualTo(64);
                assertThat(answered.headers()).doesNotContainKey("set-cookie");
              });
      assertThat(hostile.posts()).isEqualTo(1);
      leftNothingBehind(hostile);
    }
  }

  @Test
  void isResetOrNeverConnectedWhenResetOnAccept() {
    try (var hostile = HostileReceiver.start(Misbehaviour.RESET_ON_ACCEPT)) {
      assertThat(post(hostile))
          .isInstanceOfSatisfying(
              Unanswered.class,
              // The reset may come while the connection is made or just after.
              unanswered -> assertThat(unanswered.fault()).isIn(Fault.RESET, Fault.CONNECT));
      leftNothingBehind(hostile);
    }
  }

  @Test
  void keepsRetryAfterHoweverManyFieldsComeBeforeIt() {
    try (var hostile = HostileReceiver.start(Misbehaviour.MANY_HEADERS)) {
      var answered = (Answered) post(hostile);

      assertThat(answered.header("retry-after")).hasValue("7");
      int characters =
          answered.headers().entrySet().stream()
              .mapToInt(field -> field.getKey().length() + field.getValue().length())
              .sum();
      assertThat(characters).isLessThanOrEqualTo(9_000);
    }
  }

  @Test
  void refusedIsAConnectFault() {
    assertThat(egress.post(Posts.to(HostileReceiver.refusing())))
        .isInstanceOfSatisfying(
            Unanswered.class,
            unanswered -> assertThat(unanswered.fault()).isEqualTo(Fault.CONNECT));
  }

  /// A kept connection dies after the second POST was read: OkHttp by itself would send it again.
  @Test
  void neverSendsTwiceOnItsOwnWhenAKeptConnectionDies() {
    try (var hostile = HostileReceiver.start(Misbehaviour.DIES_ON_REUSE)) {
      int calls = 10;
      for (int i = 0; i < calls; i++) {
        var reply = egress.post(Posts.to(hostile.url()));
        if (i % 2 == 0) {
          assertThat(reply).isInstanceOf(Answered.class);
        } else {
          assertThat(reply)
              .isInstanceOfSatisfying(
                  Unanswered.class,
                  unanswered -> assertThat(unanswered.fault()).isEqualTo(Fault.RESET));
        }
      }
      assertThat(hostile.posts()).isEqualTo(calls);
      assertThat(hostile.connections()).isEqualTo(calls / 2);
    }
  }

  /// Statuses and failures on which clients like to send again, many times over.
  @ParameterizedTest
  @EnumSource(
      value = Misbehaviour.class,
      names = {
        "REQUEST_TIMEOUT",
        "RETRY_AT_ONCE",
        "RESET_BEFORE_ANSWER",
        "CLOSE_BEFORE_ANSWER",
        "REDIRECT_TO_METADATA",
        "ASKS_FOR_CREDENTIALS"
      })
  void countsAsManyPostsAsCalls(Misbehaviour misbehaviour) {
    try (var hostile = HostileReceiver.start(misbehaviour)) {
      for (int i = 0; i < 10; i++) {
        egress.post(Posts.to(hostile.url()));
      }
      assertThat(hostile.posts()).isEqualTo(10);
    }
  }

  @Test
  void remembersNoCookie() {
    try (var hostile = HostileReceiver.start(Misbehaviour.SETS_COOKIE)) {
      assertThat(post(hostile)).isInstanceOf(Answered.class);
      assertThat(((Answered) post(hostile)).headers()).doesNotContainKey("set-cookie");
    }
  }

  /// The body is larger than what the kernel holds, so the sending itself hangs.
  @Test
  void aReceiverThatNeverReadsIsATimeoutWhileSending() throws IOException {
    try (var deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var url = URI.create("http://127.0.0.1:" + deaf.getLocalPort() + "/");
      var reply =
          egress.post(
              Posts.post(
                  "sub_1", url, Map.of(), Duration.ofSeconds(2), ByteBuffer.allocate(16 << 20)));

      assertThat(reply)
          .isInstanceOfSatisfying(
              Unanswered.class,
              unanswered -> {
                assertThat(unanswered.fault()).isEqualTo(Fault.TIMEOUT);
                assertThat(unanswered.message()).contains("sending");
              });
    }
  }

  /// A full backlog swallows the SYN of the next connection.
  @Test
  void aConnectionThatIsNeverMadeIsATimeoutWhileConnecting() throws IOException {
    try (var full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var fillers = new ArrayList<Socket>();
      try {
        for (int i = 0; i < 8; i++) {
          var filler = new Socket();
          fillers.add(filler);
          try {
            filler.connect(full.getLocalSocketAddress(), 100);
          } catch (SocketTimeoutException e) {
            break; // Full.
          }
        }
        var url = URI.create("http://127.0.0.1:" + full.getLocalPort() + "/");
        var started = System.nanoTime();

        var reply = egress.post(Posts.to(url, SHORT));

        assertThat(reply)
            .isInstanceOfSatisfying(
                Unanswered.class,
                unanswered -> {
                  assertThat(unanswered.fault()).isEqualTo(Fault.TIMEOUT);
                  assertThat(unanswered.message()).contains("connecting");
                });
        assertThat(Duration.ofNanos(System.nanoTime() - started))
            .isBetween(SHORT, Duration.ofSeconds(4));
      } finally {
        for (var filler : fillers) {
          filler.close();
        }
      }
    }
  }

  @Test
  void manyHangingCallsEndTogetherAndLeaveNothing() throws Exception {
    try (var hostile = HostileReceiver.start(Misbehaviour.DRIP_BODY);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var replies = new ArrayList<Future<Reply>>();
      for (int i = 0; i < 200; i++) {
        var post =
            Posts.post("sub_" + i % 20, hostile.url(), Map.of(), Duration.ofSeconds(1), body());
        replies.add(threads.submit(() -> egress.post(post)));
      }
      for (var reply : replies) {
        assertThat(reply.get())
            .isInstanceOfSatisfying(
                Unanswered.class,
                unanswered -> assertThat(unanswered.fault()).isEqualTo(Fault.TIMEOUT));
      }
      leftNothingBehind(hostile);
    }
    egress.close();
    await().until(() -> threadsNamed("egress-") == 0);
  }

  private static long threadsNamed(String prefix) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith(prefix))
        .count();
  }

  private Reply post(HostileReceiver hostile) {
    return post(hostile, LONG);
  }

  private Reply post(HostileReceiver hostile, Duration timeout) {
    return egress.post(
        Posts.post(
            "sub_1",
            URI.create(hostile.url() + "?token=secret"),
            Map.of("Authorization", "Bearer secret"),
            timeout,
            body()));
  }

  private static ByteBuffer body() {
    return ByteBuffer.wrap(new byte[] {'{', '}'});
  }

  private void leftNothingBehind(HostileReceiver hostile) {
    assertThat(egress.callsInFlight()).isZero();
    await().until(() -> egress.openConnections() == 0 && hostile.openConnections() == 0);
    assertThat(hostile.flooded()).as("read, or held by the kernel").isLessThan(MOST_FLOODED);
  }
}

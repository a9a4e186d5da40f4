package dev.fanfare.dispatcher.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.dispatcher.egress.Reply.Answered;
import dev.fanfare.dispatcher.egress.Reply.Fault;
import dev.fanfare.dispatcher.egress.Reply.Unanswered;
import dev.fanfare.testkit.receiver.TestCertificate;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import okhttp3.Dns;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// HTTP/2, where TLS offers it: one connection for many calls, which is good as long as it lives.
@Timeout(60)
class Http2IT {
  private Http2Peer peer;
  private HttpEgress egress;

  @BeforeEach
  void start() throws IOException {
    var certificate = TestCertificate.forLoopback();
    peer = new Http2Peer(certificate);
    UnaryOperator<OkHttpClient.Builder> tls =
        builder ->
            builder.sslSocketFactory(
                certificate.clientContext().getSocketFactory(), certificate.trust());
    egress =
        new HttpEgress(
            EgressSettings.DEFAULT.allowing("127.0.0.0/8"),
            "1.2.3",
            InstantSource.system(),
            Dns.SYSTEM,
            tls);
  }

  @AfterEach
  void stop() throws IOException {
    egress.close();
    peer.close();
  }

  @Test
  void manyCallsShareOneConnection() throws Exception {
    assertThat(egress.post(Posts.to(peer.url()))).isInstanceOf(Answered.class);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var replies = new ArrayList<Future<Reply>>();
      for (int i = 0; i < 50; i++) {
        replies.add(threads.submit(() -> egress.post(Posts.to(peer.url()))));
      }
      for (var reply : replies) {
        assertThat(reply.get())
            .isInstanceOfSatisfying(
                Answered.class, answered -> assertThat(answered.status()).isEqualTo(200));
      }
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
    peer.muteFirstConnection();

    assertThat(egress.post(Posts.to(peer.url(), Duration.ofMillis(800))))
        .isInstanceOfSatisfying(
            Unanswered.class,
            unanswered -> assertThat(unanswered.fault()).isEqualTo(Fault.TIMEOUT));

    assertThat(egress.post(Posts.to(peer.url()))).isInstanceOf(Answered.class);
    assertThat(peer.connections()).isEqualTo(2);
    await().until(() -> peer.openConnections() == 1);
  }

  @Test
  void aConnectionThatEndsIsAResetAndNotRepeated() throws IOException {
    assertThat(egress.post(Posts.to(peer.url()))).isInstanceOf(Answered.class);
    peer.muteFirstConnection();
    Thread.ofVirtual()
        .start(() -> {
          await().until(() -> egress.callsInFlight() == 1);
          try {
            peer.close();
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        });

    assertThat(egress.post(Posts.to(peer.url(), Duration.ofSeconds(10))))
        .isInstanceOfSatisfying(
            Unanswered.class,
            unanswered -> assertThat(unanswered.fault()).isIn(Fault.RESET, Fault.CONNECT));
    assertThat(peer.requests()).isEqualTo(1);
    await().until(() -> egress.openConnections() == 0);
  }
}

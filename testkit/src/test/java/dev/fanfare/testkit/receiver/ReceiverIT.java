package dev.fanfare.testkit.receiver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The receivers against the platform's own client.
@Timeout(60)
class ReceiverIT {
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @AfterEach
  void stop() {
    client.shutdownNow();
  }

  @Test
  void remembersWhatArrives() throws Exception {
    try (var receiver = Receiver.start()) {
      var body = new byte[100_000];
      ThreadLocalRandom.current().nextBytes(body);
      client.send(
          HttpRequest.newBuilder(receiver.url("/a?b=c"))
              .header("X-Twice", "1")
              .header("X-Twice", "2")
              .POST(BodyPublishers.ofByteArray(body))
              .build(),
          BodyHandlers.discarding());

      var received = receiver.await(1, Duration.ofSeconds(5)).getFirst();

      assertThat(received.method()).isEqualTo("POST");
      assertThat(received.target()).isEqualTo("/a?b=c");
      assertThat(received.header("x-twice")).hasValue("1, 2");
      assertThat(received.body()).isEqualTo(ByteBuffer.wrap(body));
      assertThat(received.number()).isEqualTo(1);
    }
  }

  @Test
  void answersByItsScriptOnOneConnection() throws Exception {
    try (var receiver = Receiver.start()) {
      receiver.answerInOrder(
          Answer.status(503).header("retry-after", "1").body("later"), Answer.status(204));

      var statuses = new ArrayList<Integer>();
      for (int i = 0; i < 4; i++) {
        statuses.add(post(receiver.url("/")).statusCode());
      }

      assertThat(statuses).containsExactly(503, 204, 204, 204);
      assertThat(receiver.connections()).isEqualTo(1);
      receiver.answer(request -> Answer.OK.body(request.text()));
      assertThat(post(receiver.url("/")).body()).isEqualTo("{}");
    }
  }

  @Test
  void countsAllAndKeepsTheNewest() throws Exception {
    try (var receiver = Receiver.start()) {
      receiver.keep(10);
      var answers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
      for (int i = 0; i < 500; i++) {
        answers.add(client.sendAsync(request(receiver.url("/")), BodyHandlers.ofString()));
      }
      for (var answer : answers) {
        assertThat(answer.get().statusCode()).isEqualTo(200);
      }

      assertThat(receiver.count()).isEqualTo(500);
      assertThat(receiver.requests())
          .hasSize(10)
          .last()
          .extracting(Received::number)
          .isEqualTo(500L);
    }
  }

  @Test
  void saysWhatDidNotArrive() {
    try (var receiver = Receiver.start()) {
      assertThatThrownBy(() -> receiver.await(1, Duration.ofMillis(10)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("0 requests");
    }
  }

  @Test
  void speaksTlsWithACertificateMadeOnTheSpot() throws Exception {
    var certificate = TestCertificate.forLoopback();
    try (var receiver = Receiver.start(certificate);
        var trusting = HttpClient.newBuilder().sslContext(certificate.clientContext()).build()) {
      assertThat(trusting.send(request(receiver.url("/")), BodyHandlers.discarding()).statusCode())
          .isEqualTo(200);
      assertThatThrownBy(() -> post(receiver.url("/"))).isInstanceOf(IOException.class);
    }
  }

  /// What is played ends when the receiver is closed: no client is left hanging by the test kit.
  @ParameterizedTest
  @EnumSource(Misbehaviour.class)
  void nobodyHangsOnAClosedReceiver(Misbehaviour misbehaviour) throws Exception {
    CompletableFuture<HttpResponse<Void>> pending;
    try (var hostile = HostileReceiver.start(misbehaviour)) {
      pending = client.sendAsync(request(hostile.url()), BodyHandlers.discarding());
      while (hostile.connections() == 0) {
        Thread.onSpinWait();
      }
    }

    var ended = pending.handle((answer, failure) -> answer != null || failure != null);

    assertThat(ended).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(true);
  }

  @Test
  void closingFreesThePort() throws Exception {
    var receiver = Receiver.start();
    var url = receiver.url("/");
    post(url);
    receiver.close();

    for (var gone : List.of(url, HostileReceiver.refusing())) {
      assertThatThrownBy(() -> post(gone)).isInstanceOf(IOException.class);
    }
  }

  private HttpResponse<String> post(URI url) throws IOException, InterruptedException {
    return client.send(request(url), BodyHandlers.ofString());
  }

  private static HttpRequest request(URI url) {
    return HttpRequest.newBuilder(url).POST(BodyPublishers.ofString("{}")).build();
  }
}

package dev.fanfare.dispatcher.egress;

import static dev.fanfare.dispatcher.egress.TestEgress.LOOPBACK;
import static dev.fanfare.dispatcher.egress.TestEgress.NOW;
import static dev.fanfare.dispatcher.egress.TestEgress.egress;
import static dev.fanfare.dispatcher.egress.TestEgress.trusting;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.dispatcher.egress.Reply.Answered;
import dev.fanfare.dispatcher.egress.Reply.Fault;
import dev.fanfare.dispatcher.egress.Reply.Unanswered;
import dev.fanfare.dispatcher.egress.signature.Ed25519Secret;
import dev.fanfare.dispatcher.egress.signature.SigningKeys;
import dev.fanfare.dispatcher.egress.signature.StandardWebhooks;
import dev.fanfare.dispatcher.egress.signature.Verification;
import dev.fanfare.testkit.receiver.Answer;
import dev.fanfare.testkit.receiver.HostileReceiver;
import dev.fanfare.testkit.receiver.Received;
import dev.fanfare.testkit.receiver.Receiver;
import dev.fanfare.testkit.receiver.TestCertificate;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What goes over the wire, against a receiver that behaves.
@Timeout(60)
class HttpEgressIT {
  private Receiver receiver;
  private HttpEgress egress;

  @BeforeEach
  void start() {
    receiver = Receiver.start();
    egress = egress(LOOPBACK);
  }

  @AfterEach
  void stop() {
    egress.close();
    receiver.close();
  }

  @Test
  void sendsTheHeadersOfTheContractAndTheBodyByteForByte() throws Exception {
    var reply = egress.post(Posts.to(receiver.url("/hook?a=b%20c")));

    assertThat(reply).isInstanceOf(Answered.class);
    var received = only();
    assertThat(received.method()).isEqualTo("POST");
    assertThat(received.target()).isEqualTo("/hook?a=b%20c");
    assertThat(received.text()).isEqualTo(Posts.BODY);
    assertThat(received.headers())
        .containsOnly(
            Map.entry("webhook-id", "evt_1"),
            Map.entry("webhook-timestamp", Long.toString(NOW.getEpochSecond())),
            Map.entry("webhook-signature", received.header("webhook-signature").orElseThrow()),
            Map.entry("content-type", "application/json"),
            Map.entry("user-agent", "Fanfare/1.2.3"),
            Map.entry("webhook-attempt", "3"),
            Map.entry("traceparent", Posts.TRACEPARENT),
            Map.entry("accept-encoding", "identity"),
            Map.entry("content-length", Integer.toString(Posts.BODY.getBytes(UTF_8).length)),
            Map.entry("host", "127.0.0.1:" + receiver.port()),
            Map.entry("connection", "Keep-Alive"));
  }

  @Test
  void signsWhatIsReallySent() throws Exception {
    egress.post(Posts.to(receiver.url("/")));

    var received = only();
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(
        new SecretKeySpec(
            Base64.getDecoder().decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), "HmacSHA256"));
    var content =
        received.header("webhook-id").orElseThrow()
            + "."
            + received.header("webhook-timestamp").orElseThrow()
            + "."
            + received.text();
    assertThat(received.header("webhook-signature"))
        .hasValue("v1," + Base64.getEncoder().encodeToString(mac.doFinal(content.getBytes(UTF_8))));
  }

  @Test
  void signsWithAllKeysDuringARotation() throws Exception {
    var pair = Ed25519Secret.generate(new byte[32]);
    var post = Posts.to(receiver.url("/"));

    egress.post(
        new Post(
            post.endpoint(),
            post.url(),
            post.eventId(),
            1,
            post.body(),
            "application/json",
            Map.of(),
            new SigningKeys(List.of(Posts.SECRET, pair)),
            Optional.empty(),
            post.timeout(),
            Optional.empty()));

    var received = only();
    assertThat(received.header("traceparent")).isEmpty();
    for (var key : List.of(Posts.SECRET, pair.publicKey())) {
      assertThat(
              StandardWebhooks.verify(
                  List.of(key),
                  received.header("webhook-id").orElseThrow(),
                  received.header("webhook-timestamp").orElseThrow(),
                  received.header("webhook-signature").orElseThrow(),
                  received.body(),
                  NOW,
                  StandardWebhooks.TOLERANCE))
          .isEqualTo(Verification.VALID);
    }
  }

  @Test
  void takesTheTimeAtEachAttempt() throws Exception {
    var later = NOW.plusSeconds(86_000);
    var times = new ArrayList<>(List.of(NOW, later));
    try (var moving = egress(LOOPBACK, times::removeFirst)) {
      moving.post(Posts.to(receiver.url("/")));
      moving.post(Posts.to(receiver.url("/")));
    }

    assertThat(receiver.await(2, Duration.ofSeconds(5)))
        .extracting(request -> request.header("webhook-timestamp").orElseThrow())
        .containsExactly(
            Long.toString(NOW.getEpochSecond()), Long.toString(later.getEpochSecond()));
  }

  @Test
  void aSubscriptionsHeadersGoOutBesideOursAndNeverInsteadOfThem() throws Exception {
    var own = new LinkedHashMap<String, String>();
    own.put("Authorization", "Bearer token");
    own.put("ce-type", "email.bounced");
    own.put("WebHook-Request-Origin", "fanfare.example");
    for (var ours :
        List.of(
            "Webhook-Id",
            "WEBHOOK-TIMESTAMP",
            "webhook-signature",
            "webhook-attempt",
            "Content-Type",
            "User-Agent",
            "traceparent",
            "Host",
            "Content-Length",
            "Transfer-Encoding",
            "Connection",
            "Accept-Encoding",
            "Expect",
            "Upgrade",
            "Proxy-Authorization",
            "TE")) {
      own.put(ours, "forged");
    }
    own.put("X-Break", "a\r\nX-Injected: 1");
    own.put("X-Break: 1\r\nX-Injected", "1");
    own.put("X-Foreign", "ä");

    var reply = egress.post(Posts.to(receiver.url("/"), own));

    assertThat(reply).isInstanceOf(Answered.class);
    var received = only();
    assertThat(received.headers().values()).noneMatch(value -> value.contains("forged"));
    assertThat(received.headers()).doesNotContainKeys("x-injected", "x-break", "x-foreign");
    assertThat(received.header("authorization")).hasValue("Bearer token");
    assertThat(received.header("ce-type")).hasValue("email.bounced");
    assertThat(received.header("webhook-request-origin")).hasValue("fanfare.example");
    assertThat(received.header("webhook-id")).hasValue("evt_1");
  }

  @Test
  void tellsWhatWasSentWithoutTheSubscriptionsOwn() throws Exception {
    var own = Map.of("Authorization", "Bearer secret", "X-Api-Key", "secret", "Cookie", "secret");

    var reply = egress.post(Posts.to(receiver.url("/?token=secret"), own));

    var expected = new LinkedHashMap<>(only().headers());
    assertThat(expected).containsKeys("authorization", "x-api-key", "cookie");
    expected.keySet().removeAll(List.of("authorization", "x-api-key", "cookie"));
    assertThat(reply.sent().headers()).isEqualTo(expected);
    assertThat(reply.sent().headers().values()).noneMatch(value -> value.contains("secret"));
  }

  @Test
  void whatNeverWentOutWasNotSent() {
    var reply = egress.post(Posts.to(HostileReceiver.refusing()));

    assertThat(reply).isInstanceOf(Unanswered.class);
    assertThat(reply.sent().headers()).isEmpty();
    assertThat(reply.timings().firstByte()).isEqualTo(-1);
    assertThat(reply.timings().total()).isNotNegative();
  }

  @Test
  void sendsAnyPartOfAnyBufferAndMovesNothing() throws Exception {
    var direct = ByteBuffer.allocateDirect(200_000);
    for (int i = 0; i < direct.capacity(); i++) {
      direct.put(i, (byte) (i * 31));
    }
    direct.position(7).limit(150_007);

    for (var body : List.of(direct, direct.asReadOnlyBuffer(), ByteBuffer.allocate(0))) {
      int position = body.position();
      var reply =
          egress.post(
              Posts.post("sub_1", receiver.url("/"), Map.of(), Duration.ofSeconds(5), body));
      assertThat(reply).isInstanceOf(Answered.class);
      assertThat(body.position()).isEqualTo(position);
    }

    assertThat(receiver.await(3, Duration.ofSeconds(5)))
        .extracting(Received::body)
        .containsExactly(direct.slice(), direct.slice(), ByteBuffer.allocate(0));
  }

  @Test
  void handsBackStatusFieldsAndTheFirstBytesOfTheBody() {
    receiver.answer(
        Answer.status(429).header("Retry-After", "17").header("X-Other", "x").body("slow down"));

    var answered = (Answered) egress.post(Posts.to(receiver.url("/")));

    assertThat(answered.status()).isEqualTo(429);
    assertThat(answered.header("RETRY-AFTER")).hasValue("17");
    assertThat(answered.headers()).containsEntry("x-other", "x");
    assertThat(UTF_8.decode(answered.body()).toString()).isEqualTo("slow down");
  }

  @Test
  void keepsFourKibibytesOfABodyAndTheConnectionIfItEndsInTime() throws Exception {
    receiver.answer(Answer.OK.body("x".repeat(60_000)));

    for (int i = 0; i < 3; i++) {
      var answered = (Answered) egress.post(Posts.to(receiver.url("/")));
      assertThat(UTF_8.decode(answered.body()).toString()).isEqualTo("x".repeat(4096));
    }

    assertThat(receiver.await(3, Duration.ofSeconds(5)))
        .extracting(Received::connection)
        .containsOnly(1L);
  }

  @Test
  void closesTheConnectionBehindALongerBody() throws Exception {
    receiver.answer(Answer.OK.body("x".repeat(100_000)));

    for (int i = 0; i < 2; i++) {
      assertThat(egress.post(Posts.to(receiver.url("/"))))
          .isInstanceOfSatisfying(
              Answered.class, answered -> assertThat(answered.body().remaining()).isEqualTo(4096));
    }

    assertThat(receiver.await(2, Duration.ofSeconds(5)))
        .extracting(Received::connection)
        .containsExactly(1L, 2L);
    await().until(() -> receiver.openConnections() == 0 && egress.openConnections() == 0);
  }

  @Test
  void measuresTheStepsThatHappened() {
    receiver.answer(Answer.OK.after(Duration.ofMillis(30)));

    var first = egress.post(Posts.to(receiver.url("/"))).timings();
    var second = egress.post(Posts.to(receiver.url("/"))).timings();

    assertThat(first.dns()).isEqualTo(-1);
    assertThat(first.connect()).isNotNegative();
    assertThat(first.tls()).isEqualTo(-1);
    assertThat(first.firstByte()).isBetween(30_000L, first.total());
    assertThat(second.connect()).isEqualTo(-1);
    assertThat(second.firstByte()).isBetween(30_000L, second.total());
  }

  @Test
  void measuresNameResolutionAndTls() {
    var certificate = TestCertificate.forLoopback();
    try (var secure = Receiver.start(certificate);
        var trusting = trusting(certificate)) {
      var url = URI.create("https://localhost:" + secure.port() + "/");

      var reply = trusting.post(Posts.to(url));

      assertThat(reply).isInstanceOf(Answered.class);
      assertThat(reply.timings().dns()).isNotNegative();
      assertThat(reply.timings().connect()).isNotNegative();
      assertThat(reply.timings().tls()).isPositive();
    }
  }

  @Test
  void aTrustedCertificateForAnotherHostIsATlsFault() {
    var certificate = TestCertificate.forHost("other.example");
    try (var secure = Receiver.start(certificate);
        var trusting = trusting(certificate)) {
      assertThat(trusting.post(Posts.to(secure.url("/"))))
          .isInstanceOfSatisfying(
              Unanswered.class,
              unanswered -> {
                assertThat(unanswered.fault()).isEqualTo(Fault.TLS);
                assertThat(unanswered.message()).contains("not for this host");
              });
      assertThat(secure.count()).isZero();
    }
  }

  private Received only() throws InterruptedException {
    var requests = receiver.await(1, Duration.ofSeconds(5));
    assertThat(requests).hasSize(1);
    return requests.getFirst();
  }
}

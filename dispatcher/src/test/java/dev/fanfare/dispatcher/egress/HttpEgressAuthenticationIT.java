package dev.fanfare.dispatcher.egress;

import static dev.fanfare.dispatcher.egress.TestEgress.LOOPBACK;
import static dev.fanfare.dispatcher.egress.TestEgress.egress;
import static dev.fanfare.dispatcher.egress.TestEgress.trusting;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.dispatcher.egress.Reply.Answered;
import dev.fanfare.dispatcher.egress.Reply.Blocked;
import dev.fanfare.dispatcher.egress.Reply.Fault;
import dev.fanfare.dispatcher.egress.Reply.Unanswered;
import dev.fanfare.dispatcher.egress.credential.BasicCredential;
import dev.fanfare.dispatcher.egress.credential.ClientCertificate;
import dev.fanfare.dispatcher.egress.credential.ClientGrant;
import dev.fanfare.dispatcher.egress.credential.Pem;
import dev.fanfare.testkit.receiver.Answer;
import dev.fanfare.testkit.receiver.HostileReceiver;
import dev.fanfare.testkit.receiver.Misbehaviour;
import dev.fanfare.testkit.receiver.Received;
import dev.fanfare.testkit.receiver.Receiver;
import dev.fanfare.testkit.receiver.TestCertificate;
import dev.fanfare.testkit.time.ManualClock;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What POSTs show to an endpoint besides their signature.
@Timeout(60)
class HttpEgressAuthenticationIT {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final ManualClock clock = ManualClock.at(TestEgress.NOW);
  private final HttpEgress egress = egress(LOOPBACK, clock);
  private final Receiver receiver = Receiver.start();
  private final Receiver tokenServer = Receiver.start();
  private final AtomicInteger tokens = new AtomicInteger();

  @AfterEach
  void stop() {
    egress.close();
    receiver.close();
    tokenServer.close();
  }

  @Test
  void sendsUserNameAndPassword() throws Exception {
    var post = Posts.to(receiver.url("/"), Map.of("authorization", "forged", "X-Own", "own"));

    var reply = egress.post(Posts.with(post, new BasicCredential("häns", "pass:word")));

    var received = receiver.await(1, PATIENCE).getFirst();
    assertThat(received.header("authorization")).hasValue("Basic " + base64("häns:pass:word"));
    assertThat(received.header("x-own")).hasValue("own");
    assertThat(reply.sent().headers()).doesNotContainKey("authorization");
  }

  @Test
  void fetchesATokenOnceAndKeepsItUntilShortlyBeforeItExpires() throws Exception {
    grantTokens(3600);

    for (int i = 0; i < 3; i++) {
      assertThat(post()).isInstanceOf(Answered.class);
    }
    clock.advance(Duration.ofSeconds(3600 - 31));
    post();
    clock.advance(Duration.ofSeconds(2));
    post();

    assertThat(receiver.await(5, PATIENCE))
        .extracting(request -> request.header("authorization").orElseThrow())
        .containsExactly("Bearer t1", "Bearer t1", "Bearer t1", "Bearer t1", "Bearer t2");
    assertThat(receiver.requests())
        .allMatch(request -> request.header("webhook-signature").isPresent());
    var asked = tokenServer.requests().getFirst();
    assertThat(asked.method()).isEqualTo("POST");
    assertThat(asked.header("authorization")).hasValue("Basic " + base64("cl%3Aient:s%25cret"));
    assertThat(asked.header("content-type")).hasValue("application/x-www-form-urlencoded");
    assertThat(asked.text())
        .isEqualTo("grant_type=client_credentials&scope=a+b&audience=https%3A%2F%2Fapi");
  }

  @Test
  void manyCallsWithoutATokenAskOnce() throws Exception {
    tokenServer.answer(_ -> token(3600).after(Duration.ofMillis(300)));
    var replies = new ArrayList<Future<Reply>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 50; i++) {
        replies.add(threads.submit(this::post));
      }
    }

    for (var reply : replies) {
      assertThat(reply.get()).isInstanceOf(Answered.class);
    }
    assertThat(tokenServer.count()).isEqualTo(1);
    assertThat(receiver.count()).isEqualTo(50);
  }

  @Test
  void replacesATokenThatTheEndpointRefusesAndSendsOnceMore() throws Exception {
    grantTokens(3600);
    post();
    clock.advance(Duration.ofMinutes(5));
    receiver.answer(request ->
        Answer.status(
            request.header("authorization").equals(Optional.of("Bearer t2")) ? 200 : 401));

    var reply = post();

    assertThat(status(reply)).isEqualTo(200);
    assertThat(receiver.await(3, PATIENCE))
        .extracting(request -> request.header("authorization").orElseThrow())
        .containsExactly("Bearer t1", "Bearer t1", "Bearer t2");
    assertThat(tokenServer.count()).isEqualTo(2);
  }

  @Test
  void anEndpointThatRefusesEveryTokenCostsTheTokenServerLittle() {
    grantTokens(3600);
    receiver.answer(Answer.status(401));

    for (int i = 0; i < 20; i++) {
      assertThat(status(post())).isEqualTo(401);
    }
    clock.advance(Duration.ofMinutes(1));
    for (int i = 0; i < 20; i++) {
      assertThat(status(post())).isEqualTo(401);
    }

    assertThat(tokenServer.count()).isEqualTo(2);
    assertThat(receiver.count()).as("one of them was sent twice").isEqualTo(41);
  }

  @Test
  void withoutATokenTheEndpointIsNotCalled() {
    tokenServer.answer(Answer.status(400).body("{\"error\":\"invalid_client\"}"));
    assertThat(oauthProblem()).isEqualTo("the token server answered 400: invalid_client");
    tokenServer.answer(Answer.status(500).body("secret"));
    assertThat(oauthProblem()).isEqualTo("the token server answered 500");
    tokenServer.answer(Answer.OK.body("{\"access_token\":\"t\",\"token_type\":\"mac\"}"));
    assertThat(oauthProblem()).isEqualTo("the token server gave no bearer token");
    tokenServer.answer(
        Answer.OK.body("{\"access_token\":\"a\\r\\nb: c\",\"token_type\":\"bearer\"}"));
    assertThat(oauthProblem()).isEqualTo("the token server gave a token that can't be sent");
    tokenServer.answer(Answer.OK.body("[".repeat(50_000)));
    assertThat(oauthProblem()).isEqualTo("the token server gave no bearer token");
    tokenServer.answer(Answer.OK.body("x".repeat(1 << 20)));
    assertThat(oauthProblem()).isEqualTo("the token server gave no bearer token");
    tokenServer.answer(Answer.status(302).header("location", receiver.url("/").toString()));
    assertThat(oauthProblem()).isEqualTo("the token server answered 302");

    assertThat(receiver.count()).isZero();
    grantTokens(60);
    assertThat(status(post())).isEqualTo(200);
  }

  @Test
  void aTokenServerThatHangsHoldsNobodyLongerThanItsDeadlineAndNoOtherEndpoint() throws Exception {
    try (var hanging = HostileReceiver.start(Misbehaviour.DRIP_BODY);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var slow = grant(hanging.url());
      var replies = new ArrayList<Future<Reply>>();
      for (int i = 0; i < 20; i++) {
        var post = Posts.to(receiver.url("/"), Duration.ofMillis(1500));
        replies.add(threads.submit(() -> egress.post(Posts.with(post, slow))));
      }
      grantTokens(60);
      assertThat(status(egress.post(Posts.with(Posts.from("sub_2", receiver.url("/")), grant()))))
          .isEqualTo(200);

      for (var reply : replies) {
        assertThat(reply.get())
            .isInstanceOfSatisfying(
                Unanswered.class,
                unanswered -> {
                  assertThat(unanswered.fault()).isEqualTo(Fault.OAUTH);
                  assertThat(unanswered.timings().total()).isGreaterThan(1_000_000);
                  assertThat(unanswered.sent().headers()).isEmpty();
                });
      }
      assertThat(egress.callsInFlight()).isZero();
    }
  }

  @Test
  void aTokenServerIsGuardedLikeAnEndpoint() {
    for (var url : List.of("https://169.254.169.254/token", "https://10.1.2.3/token")) {
      assertThat(egress.post(Posts.with(Posts.to(receiver.url("/")), grant(URI.create(url)))))
          .isInstanceOf(Blocked.class);
    }
    assertThat(
            egress.post(Posts.with(Posts.to(receiver.url("/")), grant(HostileReceiver.refusing()))))
        .isInstanceOfSatisfying(
            Unanswered.class,
            unanswered ->
                assertThat(unanswered.message())
                    .isEqualTo("token server: the connection was refused"));
    assertThat(receiver.count()).isZero();
  }

  @Test
  void showsACertificateToWhoeverAsks() throws Exception {
    var server = TestCertificate.forLoopback();
    var client = TestCertificate.forHost("client");
    var stranger = TestCertificate.forHost("stranger");
    try (var secure = Receiver.start(server, client);
        var trusting = trusting(server)) {
      var url = secure.url("/");

      assertThat(status(trusting.post(Posts.with(Posts.to(url), credential(client)))))
          .isEqualTo(200);
      for (var refused :
          List.of(
              Posts.to(url),
              Posts.with(Posts.to(url), credential(stranger)),
              Posts.with(Posts.from("sub_2", url), credential(stranger)))) {
        assertThat(trusting.post(refused))
            .isInstanceOfSatisfying(
                Unanswered.class,
                unanswered -> assertThat(unanswered.fault()).isIn(Fault.TLS, Fault.RESET));
      }
      assertThat(status(trusting.post(Posts.with(Posts.to(url), credential(client)))))
          .isEqualTo(200);
      assertThat(secure.count()).isEqualTo(2);
      assertThat(secure.requests()).extracting(Received::connection).doesNotHaveDuplicates();
    }
  }

  @Test
  void keepsTheConnectionsOfACertificateThatStaysTheSame() throws Exception {
    var server = TestCertificate.forLoopback();
    var client = TestCertificate.forHost("client");
    try (var secure = Receiver.start(server, client);
        var trusting = trusting(server)) {
      for (int i = 0; i < 3; i++) {
        trusting.post(Posts.with(Posts.to(secure.url("/")), credential(client)));
      }
      assertThat(secure.await(3, PATIENCE)).extracting(Received::connection).containsOnly(1L);
    }
  }

  private static ClientCertificate credential(TestCertificate certificate) {
    return new ClientCertificate(
        Pem.certificates(certificate.pem()), Pem.privateKey(certificate.privateKeyPem()));
  }

  private void grantTokens(int seconds) {
    tokenServer.answer(_ -> token(seconds));
  }

  private Answer token(int seconds) {
    return Answer.OK.body(
        "{\"access_token\":\"t%d\",\"token_type\":\"Bearer\",\"expires_in\":%d}"
            .formatted(tokens.incrementAndGet(), seconds));
  }

  private ClientGrant grant() {
    return grant(tokenServer.url("/token"));
  }

  private static ClientGrant grant(URI url) {
    return new ClientGrant(
        url, "cl:ient", "s%cret", Optional.of("a b"), Optional.of("https://api"));
  }

  private Reply post() {
    return egress.post(Posts.with(Posts.to(receiver.url("/")), grant()));
  }

  private String oauthProblem() {
    var unanswered = (Unanswered) post();
    assertThat(unanswered.fault()).isEqualTo(Fault.OAUTH);
    return unanswered.message();
  }

  private static int status(Reply reply) {
    return ((Answered) reply).status();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }
}

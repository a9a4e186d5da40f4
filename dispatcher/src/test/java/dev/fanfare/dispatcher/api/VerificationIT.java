package dev.fanfare.dispatcher.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fanfare.dispatcher.app.Role;
import dev.fanfare.dispatcher.app.TestFanfare;
import dev.fanfare.dispatcher.egress.EgressSettings;
import dev.fanfare.dispatcher.egress.GuardedOptions;
import dev.fanfare.dispatcher.egress.Preflight.Consent;
import dev.fanfare.dispatcher.egress.signature.Secret;
import dev.fanfare.dispatcher.egress.signature.StandardWebhooks;
import dev.fanfare.dispatcher.egress.signature.Verification;
import dev.fanfare.testkit.kafka.SharedKafka;
import dev.fanfare.testkit.receiver.Answer;
import dev.fanfare.testkit.receiver.Received;
import dev.fanfare.testkit.receiver.Receiver;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Whether an endpoint wants deliveries, asked of real receivers by a dispatcher that delivers.
class VerificationIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String ORIGIN = "hooks.fanfare.example";

  private static TestFanfare fanfare;

  private Receiver receiver;

  @BeforeAll
  static void start() {
    var config =
        TestFanfare.config(
            SharedKafka.bootstrap(),
            SharedKafka.prefix(VerificationIT.class),
            "api_key: " + TestFanfare.KEY,
            "ownership: {origin: %s, tenants: {careful: challenge}}".formatted(ORIGIN));
    fanfare = TestFanfare.start(config, Set.of(Role.API, Role.FANOUT, Role.DELIVER));
  }

  @AfterAll
  static void stop() {
    fanfare.close();
  }

  @BeforeEach
  void listen() {
    receiver = Receiver.start();
  }

  @AfterEach
  void leave() {
    receiver.close();
  }

  private JsonNode make(String more) {
    return make("acme", more);
  }

  private JsonNode make(String tenant, String more) {
    var made =
        fanfare.post(
            "/v1/subscriptions",
            """
            {"tenant":"%s","url":"%s","event_types":["*"],"timeout":"2s"%s}\
            """
                .formatted(tenant, receiver.url("/hook"), more));
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    return made.json();
  }

  private static Answer consent(String origin, String rate) {
    return Answer.status(200)
        .header("WebHook-Allowed-Origin", origin)
        .header("WebHook-Allowed-Rate", rate);
  }

  private static String state(JsonNode subscription) {
    return subscription.path("verification").path("state").asText()
        + ","
        + subscription.path("status").asText();
  }

  private void happens(String tenant, String message) {
    var sent =
        fanfare.post(
            "/v1/events",
            """
            {"type":"email.sent","tenant":"%s","recipient":"a@b.c","message_id":"%s"}\
            """
                .formatted(tenant, message));
    assertThat(sent.status()).isEqualTo(202);
  }

  private List<Received> posts() {
    return receiver.requests().stream().filter(it -> it.method().equals("POST")).toList();
  }

  @Test
  void whoConsentsToTheHandshakeGetsDeliveriesThatNameTheSender() {
    receiver.answer(it -> it.method().equals("OPTIONS") ? consent(ORIGIN, "6000") : Answer.OK);

    var made = make("shaken", ",\"verify\":\"handshake\",\"rate_limit_per_second\":150.5");

    assertThat(state(made)).isEqualTo("verified,active");
    assertThat(made.path("verification").path("allowed_rate_per_minute").asInt()).isEqualTo(6_000);
    var asked = receiver.requests().getFirst();
    assertThat(asked.method()).isEqualTo("OPTIONS");
    assertThat(asked.target()).isEqualTo("/hook");
    assertThat(asked.header("webhook-request-origin")).contains(ORIGIN);
    assertThat(asked.header("webhook-request-rate")).contains("9030");
    happens("shaken", "m-1");
    await().atMost(SOON).until(() -> posts().size() == 1);
    assertThat(posts().getFirst().header("webhook-request-origin")).contains(ORIGIN);
  }

  @Test
  void anyOriginWillDo() {
    receiver.answer(consent("*", "*"));

    assertThat(state(make(",\"verify\":\"handshake\""))).isEqualTo("verified,active");
  }

  /// It is the fields that consent, never the status.
  @ParameterizedTest
  @CsvSource({
    "200, , , lacks WebHook-Allowed-Origin",
    "200, other.example, 100, neither",
    "200, hooks.fanfare.example.evil.example, 100, neither",
    "200, hooks.fanfare.example, 0, lacks a WebHook-Allowed-Rate",
    "200, hooks.fanfare.example, lots, lacks a WebHook-Allowed-Rate",
    "200, hooks.fanfare.example, 99999999999999999999, lacks a WebHook-Allowed-Rate",
    "302, *, *, redirect",
  })
  void whoDoesNotConsentIsNotCalled(int status, String origin, String rate, String told) {
    var answer = Answer.status(status).header("Location", receiver.url("/elsewhere").toString());
    var with = origin == null ? answer : answer.header("WebHook-Allowed-Origin", origin);
    receiver.answer(rate == null ? with : with.header("WebHook-Allowed-Rate", rate));

    var made = make(",\"verify\":\"handshake\"");

    assertThat(state(made)).isEqualTo("failed,paused");
    assertThat(made.path("status_reason").asText()).isEqualTo("unverified");
    assertThat(made.path("verification").path("detail").asText()).contains(told);
    assertThat(receiver.requests()).as("nothing is followed").hasSize(1);
  }

  @Test
  void aRateThatWasAskedForHasToBeAnswered() {
    receiver.answer(Answer.status(200).header("WebHook-Allowed-Origin", ORIGIN));

    assertThat(state(make(",\"verify\":\"handshake\""))).isEqualTo("verified,active");
    assertThat(state(make(",\"verify\":\"handshake\",\"rate_limit_per_second\":5")))
        .isEqualTo("failed,paused");
  }

  @Test
  void whatGivesTheTokenBackIsVerifiedAndWhatCameBeforeIsDelivered() {
    receiver.answer(Answer.OK);
    var made = make("late", ",\"verify\":\"challenge\"");
    assertThat(state(made)).isEqualTo("failed,paused");
    happens("late", "m-early");
    var path = "/v1/subscriptions/" + made.path("id").asText();

    assertThat(fanfare.post(path + "/resume", "{}").json().path("status").asText())
        .as("only a proof helps")
        .isEqualTo("paused");
    assertThat(fanfare.post(path + "/test", "{}").status()).as("nor is it tried").isEqualTo(409);
    receiver.answer(it -> Answer.OK.body(token(it)));
    var verified = fanfare.post(path + "/verify", "{}");

    assertThat(verified.status()).isEqualTo(200);
    assertThat(state(verified.json())).isEqualTo("verified,active");
    assertThat(verified.json().path("verification").path("detail").isNull()).isTrue();
    assertThat(posts()).hasSize(2).allMatch(it -> isSigned(it, made.path("secret").asText()));
    happens("late", "m-later");
    await()
        .atMost(SOON)
        .until(() -> posts().stream().anyMatch(it -> it.text().contains("m-later")));
  }

  @Test
  void theTokenMayComeAsJson() {
    receiver.answer(it -> Answer.OK.body("{\"ok\":true,\"challenge\":\"" + token(it) + "\"}"));

    assertThat(state(make(",\"verify\":\"challenge\""))).isEqualTo("verified,active");
  }

  @Test
  void whatOnlySendsBackWhatItGotProvesNothing() {
    receiver.answer(it -> Answer.OK.body(it.text()));

    var made = make(",\"verify\":\"challenge\"");

    assertThat(state(made)).isEqualTo("failed,paused");
    assertThat(made.path("verification").path("detail").asText()).contains("does not hold");
  }

  @Test
  void norDoesATokenInARefusalOrARedirectOrTooLate() {
    receiver.answer(it -> Answer.status(500).body(token(it)));
    assertThat(state(make(",\"verify\":\"challenge\""))).isEqualTo("failed,paused");

    receiver.answer(it ->
        Answer.status(307).header("Location", receiver.url("/other").toString()).body(token(it)));
    assertThat(state(make(",\"verify\":\"challenge\""))).isEqualTo("failed,paused");
    assertThat(receiver.requests()).noneMatch(it -> it.target().equals("/other"));

    receiver.answer(it -> Answer.OK.body(token(it)).after(Duration.ofSeconds(4)));
    var late = make(",\"verify\":\"challenge\"");
    assertThat(state(late)).isEqualTo("failed,paused");
    assertThat(late.path("verification").path("detail").asText()).contains("timeout");
  }

  @Test
  void aTokenOfAnotherTimeProvesNothing() {
    receiver.answer(Answer.OK);
    var made = make(",\"verify\":\"challenge\"");
    var old = token(posts().getFirst());
    receiver.answer(Answer.OK.body(old));

    var again = fanfare.post("/v1/subscriptions/" + made.path("id").asText() + "/verify", "{}");

    assertThat(state(again.json())).isEqualTo("failed,paused");
  }

  @Test
  void aTenantOfWhichItIsAskedCanNotDoWithoutIt() {
    receiver.answer(it -> Answer.OK.body(token(it)));

    var made = make("careful", "");

    assertThat(made.path("verify").asText()).isEqualTo("challenge");
    assertThat(state(made)).isEqualTo("verified,active");
    var path = "/v1/subscriptions/" + made.path("id").asText();
    receiver.answer(Answer.OK);
    var patched =
        fanfare.send(
            fanfare
                .request(path)
                .header("Content-Type", "application/merge-patch+json")
                .method(
                    "PATCH",
                    BodyPublishers.ofString(
                        "{\"verify\":\"none\",\"url\":\"%s\"}".formatted(receiver.url("/new")))));
    assertThat(patched.status()).isEqualTo(200);
    assertThat(state(patched.json())).as("another URL").isEqualTo("failed,paused");
  }

  @Test
  void nothingIsAskedOfWhoNeedNotShowAnything() {
    var made = make("");

    assertThat(made.path("verification").isNull()).isTrue();
    assertThat(made.path("status").asText()).isEqualTo("active");
    var path = "/v1/subscriptions/" + made.path("id").asText();
    assertThat(fanfare.post(path + "/verify", "{}").status()).isEqualTo(409);
    assertThat(receiver.requests()).isEmpty();
  }

  /// The guard of deliveries is this way's, too.
  @Test
  void nobodyIsAskedAtAnAddressThatIsNotAllowed() {
    receiver.answer(consent("*", "*"));
    var strict = EgressSettings.DEFAULT;
    try (var options = new GuardedOptions(strict)) {
      for (var url :
          List.of(
              receiver.url("/hook"),
              URI.create("https://127.0.0.1:" + receiver.port() + "/"),
              URI.create("https://localhost:" + receiver.port() + "/"),
              URI.create("https://169.254.169.254/latest/meta-data"))) {
        assertThat(options.ask(url, Map.of("WebHook-Request-Origin", ORIGIN)))
            .as(url.toString())
            .isInstanceOf(Consent.Unanswered.class);
      }
    }
    assertThat(receiver.connections()).isZero();
  }

  private static String token(Received request) {
    try {
      return JSON.readTree(request.text()).path("data").path("challenge").asText();
    } catch (IOException e) {
      throw new IllegalArgumentException(request.text(), e);
    }
  }

  private static boolean isSigned(Received request, String secret) {
    return request.text().contains("endpoint.verification")
        && StandardWebhooks.verify(
                List.of(Secret.parse(secret)),
                request.header("webhook-id").orElse(""),
                request.header("webhook-timestamp").orElse(""),
                request.header("webhook-signature").orElse(""),
                request.body(),
                Instant.now(),
                StandardWebhooks.TOLERANCE)
            == Verification.VALID;
  }
}

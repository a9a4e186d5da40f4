package dev.fanfare.dispatcher.subscription.reading;

import static dev.fanfare.dispatcher.subscription.reading.StoredSubscriptions.NOW;
import static dev.fanfare.dispatcher.subscription.reading.StoredSubscriptions.good;
import static dev.fanfare.dispatcher.subscription.reading.StoredSubscriptions.hmac;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.dispatcher.egress.signature.Secret;
import dev.fanfare.dispatcher.subscription.Status;
import dev.fanfare.dispatcher.subscription.Subscription;
import dev.fanfare.schemas.avro.Filter;
import dev.fanfare.schemas.avro.SigningSecret;
import dev.fanfare.schemas.id.SubscriptionId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubscriptionReaderTest {
  private final SubscriptionReader reader = new SubscriptionReader(false);

  @Test
  void readsAllThereIs() {
    var stored =
        good("sub_1")
            .setFilter(
                Filter.newBuilder()
                    .setInboxes(List.of("a@b.example"))
                    .setRecipientDomains(List.of("B.example"))
                    .setTags(List.of("t"))
                    .setStreams(List.of("s"))
                    .setFields(Map.of("bounce.kind", List.of("hard")))
                    .build())
            .setHeaders(Map.of("Authorization", "Bearer x y"))
            .setFormat("cloudevents-binary")
            .setSchemaVersion("1.0")
            .setRetryScheduleMs(List.of(1_000L, 60_000L))
            .setTimeoutMs(5_000L)
            .setRateLimitPerSecond(0.5)
            .setMaxConcurrency(3)
            .setStatus("paused")
            .build();

    var subscription = read(stored);

    assertThat(subscription.id().value()).isEqualTo("sub_1");
    assertThat(subscription.tenant().value()).isEqualTo("acme");
    assertThat(subscription.status()).isEqualTo(Status.PAUSED);
    assertThat(subscription.selector().eventTypes()).containsExactly("email.*");
    assertThat(subscription.selector().conditions()).hasSize(5);
    assertThat(subscription.endpoint().url()).hasToString("https://hooks.example.com/in?a=b");
    assertThat(subscription.endpoint().headers()).containsEntry("Authorization", "Bearer x y");
    assertThat(subscription.endpoint().keys().secrets()).hasSize(1);
    assertThat(subscription.endpoint().timeout()).contains(Duration.ofSeconds(5));
    assertThat(subscription.limits().ratePerSecond()).hasValue(0.5);
    assertThat(subscription.limits().concurrency()).hasValue(3);
    assertThat(subscription.format()).isEqualTo("cloudevents-binary");
    assertThat(subscription.schemaVersion()).contains("1.0");
    assertThat(subscription.schedule().orElseThrow().waits())
        .containsExactly(Duration.ofSeconds(1), Duration.ofMinutes(1));
  }

  @Test
  void leavesOutWhatIsNotThere() {
    var subscription = read(good("sub_1").build());

    assertThat(subscription.selector().conditions()).isEmpty();
    assertThat(subscription.endpoint().timeout()).isEmpty();
    assertThat(subscription.limits().ratePerSecond()).isEmpty();
    assertThat(subscription.limits().concurrency()).isEmpty();
    assertThat(subscription.schemaVersion()).isEmpty();
    assertThat(subscription.schedule()).isEmpty();
  }

  static Stream<Wrong> wrong() {
    return Stream.of(
        wrong("/id", s -> s.setId("sub.1")),
        wrong("/tenant", s -> s.setTenant("")),
        wrong("/status", s -> s.setStatus("asleep")),
        wrong("/event_types", s -> s.setEventTypes(List.of())),
        wrong("/event_types", s -> s.setEventTypes(Collections.nCopies(101, "*"))),
        wrong("/event_types/1", s -> s.setEventTypes(List.of("*", "email*"))),
        wrong("/event_types/0", s -> s.setEventTypes(List.of("*.bounced"))),
        wrong("/event_types/0", s -> s.setEventTypes(List.of("email..x"))),
        wrong("/event_types/0", s -> s.setEventTypes(List.of("Email.x"))),
        wrong("/filter/inboxes/0", s -> s.setFilter(filter().setInboxes(List.of(" ")).build())),
        wrong("/filter/tags/1", s -> s.setFilter(filter().setTags(List.of("a", "")).build())),
        wrong(
            "/filter/streams",
            s -> s.setFilter(filter().setStreams(Collections.nCopies(1_001, "s")).build())),
        wrong("/filter/expression", s -> s.setFilter(filter().setExpression("1 ==").build())),
        wrong("/filter/fields/bounce.nothing", s -> s.setFilter(field("bounce.nothing", "x"))),
        wrong("/filter/fields/a~1b~0c", s -> s.setFilter(field("a/b~c", "x"))),
        wrong("/filter/fields/bounce.kind", s -> s.setFilter(field("bounce.kind"))),
        wrong(
            "/filter/fields/bounce.smtp_code/1",
            s -> s.setFilter(field("bounce.smtp_code", "550", "x"))),
        wrong("/headers", s -> s.setHeaders(Map.of("Webhook-Id", "x"))),
        wrong("/headers", s -> s.setHeaders(Map.of("Host", "x"))),
        wrong("/headers", s -> s.setHeaders(Map.of("a b", "x"))),
        wrong("/headers", s -> s.setHeaders(Map.of("x", "a\r\nb: c"))),
        wrong("/headers", s -> s.setHeaders(Map.of("x", "ü"))),
        wrong("/signing", s -> s.setSigning("rsa")),
        wrong("/format", s -> s.setFormat("xml")),
        wrong("/schema_version", s -> s.setSchemaVersion("1")),
        wrong("/schema_version", s -> s.setSchemaVersion("01.0")),
        wrong("/retry_schedule/1", s -> s.setRetryScheduleMs(List.of(5_000L, 0L))),
        wrong("/retry_schedule/0", s -> s.setRetryScheduleMs(List.of(Long.MAX_VALUE))),
        wrong("/retry_schedule", s -> s.setRetryScheduleMs(Collections.nCopies(51, 5_000L))),
        wrong("/timeout", s -> s.setTimeoutMs(999L)),
        wrong("/timeout", s -> s.setTimeoutMs(Long.MIN_VALUE)),
        wrong("/rate_limit_per_second", s -> s.setRateLimitPerSecond(0.0)),
        wrong("/rate_limit_per_second", s -> s.setRateLimitPerSecond(Double.NaN)),
        wrong("/max_concurrency", s -> s.setMaxConcurrency(0)),
        wrong("/description", s -> s.setDescription("x".repeat(1_025))),
        wrong("/secrets", s -> s.setSecrets(List.of())),
        wrong("/secrets", s -> s.setSecrets(List.of(hmac(32).setExpiresAt(NOW).build()))),
        wrong("/secrets", s -> s.setSigning("ed25519")),
        wrong("/secrets", s -> s.setSigning("both")),
        wrong(
            "/secrets/1",
            s -> s.setSigning("both").setSecrets(List.of(hmac(32).build(), pair(63)))),
        wrong("/secrets/0", s -> s.setSigning("ed25519").setSecrets(List.of(pair(63)))),
        wrong("/secrets/0", s -> s.setSecrets(List.of(hmac(23).build()))),
        wrong("/secrets/0", s -> s.setSecrets(List.of(hmac(65).build()))),
        wrong("/secrets/0", s -> s.setSecrets(List.of(hmac(32).setKeyId("k1").build()))),
        wrong("/secrets/0", s -> s.setSecrets(List.of(hmac(32).setKind("rsa").build()))));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void namesWhatIsWrong(Wrong wrong) {
    var problems = problems(wrong.made().apply(good("sub_1")).build());

    assertThat(problems).extracting(SubscriptionProblem::pointer).contains(wrong.pointer());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hooks.example.com/x",
        "http://hooks.example.com/",
        "ftp://hooks.example.com/",
        "https:///x",
        "https://user:password@hooks.example.com/",
        "https://hooks.example.com/#part",
        "https://hooks.example.com:0/",
        "https://hooks.example.com:65536/",
        "https://hooks.exämple.com/",
        "https://hooks.example.com/a b",
        "https://a_b.example.com/",
        "mailto:a@b.example",
        "javascript:alert(1)"
      })
  void refusesUrls(String url) {
    assertThat(problems(good("sub_1").setUrl(url).build()))
        .isNotEmpty()
        .allSatisfy(problem -> assertThat(problem.pointer()).isEqualTo("/url"));
  }

  @Test
  void takesPlainHttpWhereItIsAllowed() {
    var stored = good("sub_1").setUrl("http://127.0.0.1:8080/x").build();

    assertThat(new SubscriptionReader(true).read(stored, NOW))
        .isInstanceOf(SubscriptionReading.Read.class);
  }

  @Test
  void namesEverythingAtOnceAndNoSecret() {
    var material =
        ByteBuffer.wrap("not so secret".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    var problems =
        problems(
            good("sub_1")
                .setUrl("x")
                .setFormat("x")
                .setSecrets(List.of(hmac(1).setMaterial(material).build()))
                .build());

    assertThat(problems)
        .extracting(SubscriptionProblem::pointer)
        .contains("/url", "/format", "/secrets/0");
    assertThat(problems.toString()).doesNotContain("secret\"").doesNotContain("not so");
  }

  @Test
  void keepsTheNumberOfProblemsBounded() {
    var many = Collections.nCopies(100, "?");

    assertThat(problems(good("sub_1").setEventTypes(many).build())).hasSize(Problems.MOST);
  }

  @Test
  void leavesOutSecretsThatHaveEndedAndTellsWhenTheNextEnds() {
    var stored =
        good("sub_1")
            .setSecrets(
                List.of(
                    hmac(24).build(),
                    hmac(64).setExpiresAt(NOW.plusSeconds(60)).build(),
                    hmac(64).setExpiresAt(NOW.minusSeconds(1)).build()))
            .build();

    var reading = (SubscriptionReading.Read) reader.read(stored, NOW);

    assertThat(reading.subscription().endpoint().keys().secrets()).hasSize(2);
    assertThat(reading.until()).contains(NOW.plusSeconds(60));
  }

  @Test
  void signsByTheKindsAskedFor() {
    var secrets = List.of(hmac(32).build(), pair(64));

    assertThat(kinds(good("s").setSecrets(secrets).build())).containsExactly("hmac");
    assertThat(kinds(good("s").setSecrets(secrets).setSigning("ed25519").build()))
        .containsExactly("ed25519");
    assertThat(kinds(good("s").setSecrets(secrets).setSigning("both").build()))
        .containsExactly("hmac", "ed25519");
  }

  private List<String> kinds(dev.fanfare.schemas.avro.Subscription stored) {
    return read(stored).endpoint().keys().secrets().stream().map(Secret::kind).toList();
  }

  private static SigningSecret pair(int bytes) {
    return hmac(bytes).setKind("ed25519").build();
  }

  @Test
  void aStandInIsPausedAndWantsNoLess() {
    var stored =
        good("sub_1")
            .setUrl("?")
            .setEventTypes(List.of("email.bounced", "Email"))
            .setFilter(filter().setTags(List.of("t")).setExpression("x").build())
            .setSchemaVersion("1.0")
            .setFormat("cloudevents-binary")
            .build();

    var standIn = StandIn.of(new SubscriptionId("sub_1"), stored).orElseThrow();

    assertThat(standIn.status()).isEqualTo(Status.PAUSED);
    assertThat(standIn.selector().eventTypes()).containsExactly("*");
    assertThat(standIn.selector().conditions()).hasSize(1);
    assertThat(standIn.format()).isEqualTo("cloudevents-binary");
    assertThat(standIn.schemaVersion()).contains("1.0");
    assertThat(standIn.endpoint().url().getHost()).endsWith(".invalid");
  }

  @Test
  void aStandInStaysDisabled() {
    var stored = good("sub_1").setUrl("?").setStatus("disabled").build();

    assertThat(StandIn.of(new SubscriptionId("sub_1"), stored))
        .map(Subscription::status)
        .contains(Status.DISABLED);
  }

  @Test
  void thereIsNoStandInWithoutTenant() {
    assertThat(StandIn.of(new SubscriptionId("sub_1"), good("sub_1").setTenant("?").build()))
        .isEmpty();
  }

  private Subscription read(dev.fanfare.schemas.avro.Subscription stored) {
    return switch (reader.read(stored, NOW)) {
      case SubscriptionReading.Read(Subscription subscription, _) -> subscription;
      case SubscriptionReading.Refused(var problems) -> throw new AssertionError(problems);
    };
  }

  private List<SubscriptionProblem> problems(dev.fanfare.schemas.avro.Subscription stored) {
    return switch (reader.read(stored, NOW)) {
      case SubscriptionReading.Read _ -> List.of();
      case SubscriptionReading.Refused(var problems) -> problems;
    };
  }

  private static Filter.Builder filter() {
    return Filter.newBuilder();
  }

  private static Filter field(String path, String... accepted) {
    return filter().setFields(Map.of(path, List.of(accepted))).build();
  }

  private static Wrong wrong(
      String pointer, UnaryOperator<dev.fanfare.schemas.avro.Subscription.Builder> made) {
    return new Wrong(pointer, made);
  }

  record Wrong(String pointer, UnaryOperator<dev.fanfare.schemas.avro.Subscription.Builder> made) {
    @Override
    public String toString() {
      return pointer;
    }
  }
}

package dev.fanfare.dispatcher.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.dispatcher.control.EventIntake;
import dev.fanfare.dispatcher.control.RecordWriter;
import dev.fanfare.dispatcher.control.Written;
import dev.fanfare.dispatcher.egress.EgressSettings;
import dev.fanfare.dispatcher.egress.Fetch.Got;
import dev.fanfare.dispatcher.egress.GuardedGet;
import dev.fanfare.dispatcher.ingest.Senders.Posted;
import dev.fanfare.dispatcher.ingest.adapter.Provider;
import dev.fanfare.schemas.avro.EmailEvent;
import dev.fanfare.schemas.catalogue.EventCatalogue;
import dev.fanfare.schemas.id.TenantId;
import dev.fanfare.schemas.payload.EventReader;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests as providers sign them, genuine and forged, up to what would be written to Kafka.
class IngestIT {
  private static final ObjectMapper JSON = JsonMapper.builder().build();
  private static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");
  @TempDir private static Path scratch;
  private static Senders senders;

  private final Kafka kafka = new Kafka();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private Instant now = NOW;

  /// As far as it matters here.
  private static final class Kafka implements RecordWriter {
    final List<EmailEvent> written = new ArrayList<>();
    boolean away;

    @Override
    public List<Written> write(String topic, List<Keyed> records) {
      var results = new ArrayList<Written>();
      for (var record : records) {
        if (away) {
          results.add(new Written.Failed("away"));
        } else {
          written.add((EmailEvent) record.value());
          results.add(new Written.Acknowledged(0, written.size() - 1L));
        }
      }
      return results;
    }

    @Override
    public void close() {}
  }

  @BeforeAll
  static void start() {
    senders = new Senders(scratch);
  }

  private Ingest ingest() {
    return ingest(senders.settings());
  }

  private Ingest ingest(IngestSettings settings) {
    InstantSource clock = () -> now;
    var intake =
        new EventIntake(new EventReader(EventCatalogue.standard()), kafka, "email.events", clock);
    return new Ingest(settings, intake, senders, meters, clock);
  }

  @ParameterizedTest
  @EnumSource
  void whatAProviderPostsIsWrittenAndAcknowledged(Provider provider) {
    var ingest = ingest();
    int expected = Senders.fixture(provider.word() + ".expected.json").size();
    int accepted = 0;
    int skipped = 0;

    for (var post : posts(provider)) {
      var taken = (Receipt.Taken) ingest.receive(provider, "", post.request());
      assertThat(taken.unusable()).isEmpty();
      accepted += taken.accepted();
      skipped += taken.skipped().values().stream().mapToInt(it -> it).sum();
    }

    assertThat(accepted).isEqualTo(expected);
    assertThat(kafka.written).hasSize(expected);
    assertThat(kafka.written).allSatisfy(it -> assertThat(it.getTenant()).isEqualTo("acme"));
    assertThat(count("fanfare.ingest.events", provider.word())).isEqualTo(expected);
    assertThat(count("fanfare.ingest.skipped", provider.word())).isEqualTo(skipped).isPositive();
  }

  @ParameterizedTest
  @EnumSource
  void whileKafkaIsAwayNothingIsAcknowledged(Provider provider) {
    kafka.away = true;

    var receipts =
        posts(provider).stream().map(it -> ingest().receive(provider, "", it.request())).toList();

    assertThat(receipts).hasAtLeastOneElementOfType(Receipt.Unavailable.class);
    assertThat(kafka.written).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void withoutItsProofARequestIsRefused(Provider provider) {
    var ingest = ingest();
    for (var post : posts(provider)) {
      assertForged(ingest, provider, stripped(provider, post));
    }
  }

  private static Posted stripped(Provider provider, Posted post) {
    return switch (provider) {
      case MAILGUN, SES ->
          changed(
              post,
              it -> {
                it.remove("signature");
                it.remove("Signature");
              });
      default -> new Posted(Map.of(), post.body());
    };
  }

  @ParameterizedTest
  @EnumSource(names = {"SENDGRID", "RESEND"})
  void aBodyThatWasChangedIsRefused(Provider provider) {
    for (var post : posts(provider)) {
      var body = post.body().clone();
      body[body.length / 2] ^= 1;
      assertForged(ingest(), provider, new Posted(post.headers(), body));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SENDGRID", "RESEND"})
  void aTimestampThatWasChangedIsRefused(Provider provider) {
    var post = posts(provider).getFirst();
    var headers = new HashMap<>(post.headers());
    headers.replaceAll((name, value) ->
        name.endsWith("timestamp") ? Long.toString(Long.parseLong(value) + 1) : value);

    assertForged(ingest(), provider, new Posted(headers, post.body()));
  }

  @ParameterizedTest
  @CsvSource({
    "SENDGRID, -90001",
    "SENDGRID, 301",
    "MAILGUN, -90001",
    "MAILGUN, 301",
    "RESEND, -301",
    "RESEND, 301",
    "SES, -90001",
    "SES, 301"
  })
  void whatWasSignedLongAgoOrAheadIsRefused(Provider provider, long seconds) {
    var signedAt = NOW.plusSeconds(seconds);
    var post =
        senders.posts(provider, Senders.fixture(provider.word() + ".json"), signedAt).getFirst();

    assertForged(ingest(), provider, post);
  }

  @ParameterizedTest
  @CsvSource({"SENDGRID", "MAILGUN", "SES"})
  void whatIsSentAgainWithinADayAsItWasSignedIsTakenWithTheSameIds(Provider provider) {
    var post = posts(provider).getFirst();
    var ingest = ingest();

    ingest.receive(provider, "", post.request());
    var first = List.copyOf(kafka.written);
    now = NOW.plusSeconds(86_400);
    var again = ingest.receive(provider, "", post.request());

    assertThat(again).isInstanceOf(Receipt.Taken.class);
    assertThat(kafka.written).hasSize(2 * first.size());
    assertThat(kafka.written.subList(first.size(), kafka.written.size())).isEqualTo(first);
  }

  @Test
  void aTokenOfMailgunSignsNoSecondBody() {
    var event = Senders.fixture("mailgun.json").get(1).path("event-data");
    var post = senders.mailgun(event, NOW, "overheard");
    var ingest = ingest();
    var first = ingest.receive(Provider.MAILGUN, "", post.request());

    var other =
        changed(
            post, it -> ((ObjectNode) it.get("event-data")).put("recipient", "eve@example.com"));

    assertThat(first).isInstanceOf(Receipt.Taken.class);
    assertForged(ingest, Provider.MAILGUN, other);
  }

  @ParameterizedTest
  @EnumSource(names = {"POSTMARK", "SPARKPOST", "KUMOMTA"})
  void anotherTokenIsRefusedHoweverItIsSent(Provider provider) {
    for (var authorization :
        List.of(
            "Bearer another-token-of-16", "Basic YW55OmFub3RoZXI=", "Basic !!", "Bearer ", "")) {
      assertForged(
          ingest(),
          provider,
          new Posted(Map.of("authorization", authorization), "{}".getBytes(UTF_8)));
    }
    for (var headers : List.of(Senders.basic(), Senders.bearer())) {
      assertThat(
              ingest()
                  .receive(
                      provider, "", new Posted(headers, "{\"msys\":{}}".getBytes(UTF_8)).request()))
          .isInstanceOf(Receipt.Taken.class);
    }
  }

  @Test
  void thePingOfSparkPostIsAcknowledged() {
    var ping = new Posted(Senders.basic(), "[{\"msys\":{}}]".getBytes(UTF_8));

    assertThat(ingest().receive(Provider.SPARKPOST, "sparkpost", ping.request()))
        .isEqualTo(new Receipt.Taken(0, Map.of(), List.of()));
  }

  @Test
  void aKnownKindThatLacksARecipientIsToldAndKeepsNoOtherBack() {
    var body =
        """
        [{"event":"open","sg_event_id":"a"},
         {"event":"open","sg_event_id":"b","email":"ada@example.com"}]
        """;
    var post = senders.sendgrid(body.getBytes(UTF_8), NOW);

    var taken = (Receipt.Taken) ingest().receive(Provider.SENDGRID, "", post.request());

    assertThat(taken.accepted()).isOne();
    assertThat(taken.unusable()).extracting("pointer").containsExactly("/0/recipient");
    assertThat(count("fanfare.ingest.unusable", "sendgrid")).isOne();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[1,", "no"})
  void whatIsProvenAndNoJsonIsUnreadable(String body) {
    var post = senders.sendgrid(body.getBytes(UTF_8), NOW);

    assertThat(ingest().receive(Provider.SENDGRID, "", post.request()))
        .isInstanceOf(Receipt.Unreadable.class);
  }

  @Test
  void aSourceThatIsUnknownOrNotNamedAmongSeveralIsRefused() {
    var two =
        new IngestSettings(
            List.of(
                new SourceSettings("one", Provider.POSTMARK, new TenantId("a"), Senders.TOKEN),
                new SourceSettings(
                    "two", Provider.POSTMARK, new TenantId("b"), "another-token-of-16")));
    var post = new Posted(Senders.basic(), "{}".getBytes(UTF_8)).request();

    assertThat(ingest(two).receive(Provider.POSTMARK, "one", post))
        .isInstanceOf(Receipt.Taken.class);
    assertThat(ingest(two).receive(Provider.POSTMARK, "two", post)).isEqualTo(new Receipt.Forged());
    assertThat(ingest(two).receive(Provider.POSTMARK, "", post)).isEqualTo(new Receipt.Forged());
    assertThat(ingest(two).receive(Provider.SPARKPOST, "one", post))
        .isEqualTo(new Receipt.Forged());
    assertThat(ingest(IngestSettings.NONE).receive(Provider.POSTMARK, "", post))
        .isEqualTo(new Receipt.Forged());
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "2"})
  void aSubscriptionIsConfirmedOnceItIsProvenAtAnAddressOfOurMaking(String version) {
    senders.fetched.clear();

    var receipt = ingest().receive(Provider.SES, "", senders.confirmation(NOW, version).request());

    assertThat(receipt).isEqualTo(new Receipt.Taken(0, Map.of(), List.of()));
    assertThat(senders.fetched)
        .containsExactly(
            URI.create(Senders.CERTIFICATE),
            URI.create(
                "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription"
                    + "&TopicArn=arn%3Aaws%3Asns%3Aeu-west-1%3A123456789012%3Ases-events"
                    + "&Token=tok%26en"));
  }

  @Test
  void aCertificateIsFetchedOnce() {
    senders.fetched.clear();
    var ingest = ingest();

    for (int i = 0; i < 3; i++) {
      ingest.receive(Provider.SES, "", senders.notification("{}", NOW).request());
    }

    assertThat(senders.fetched).containsExactly(URI.create(Senders.CERTIFICATE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0a.pem",
        "https://sns.eu-west-1.amazonaws.com.evil.example/SimpleNotificationService-0a.pem",
        "https://evil.example/SimpleNotificationService-0a.pem",
        "https://sns.eu-west-1.amazonaws.com@evil.example/SimpleNotificationService-0a.pem",
        "https://sns.eu-west-1.amazonaws.com:8443/SimpleNotificationService-0a.pem",
        "https://evil.sns.eu-west-1.amazonaws.com/SimpleNotificationService-0a.pem",
        "https://sns.eu-west-1.amazonaws.com/other/SimpleNotificationService-0a.pem",
        "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0a.pem?x=1",
        "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0a.pem#x",
        "https://s3.eu-west-1.amazonaws.com/SimpleNotificationService-0a.pem",
        "https://SNS.eu-west-1.amazonaws.com/%53impleNotificationService-0a.pem",
        "file:///etc/passwd",
        "not an address",
        ""
      })
  void aCertificateElsewhereIsNotEvenFetched(String address) {
    senders.fetched.clear();
    var post = changed(senders.notification("{}", NOW), it -> it.put("SigningCertURL", address));

    assertForged(ingest(), Provider.SES, post);
    assertThat(senders.fetched).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"})
  void anEnvelopeThatWasChangedIsRefused(String field) {
    var post =
        changed(
            senders.notification("{}", NOW),
            it -> it.put(field, field.equals("Timestamp") ? NOW.minusSeconds(1).toString() : "x"));

    assertForged(ingest(), Provider.SES, post);
  }

  @Test
  void anotherTopicIsRefusedThoughSnsSignsForItToo() throws IOException {
    senders.fetched.clear();
    var envelope = (ObjectNode) JSON.readTree(senders.notification("{}", NOW).body());
    envelope.put("TopicArn", "arn:aws:sns:eu-west-1:999999999999:ses-events");

    assertForged(ingest(), Provider.SES, senders.signed(envelope, "2"));
    assertThat(senders.fetched).isEmpty();
  }

  @Test
  void anExpiredCertificateIsRefused() {
    now = NOW.plusSeconds(60 * 86_400L);

    assertForged(ingest(), Provider.SES, senders.notification("{}", now));
  }

  @Test
  void whileSnsCanNotBeAskedItIsToComeAgain() {
    InstantSource clock = () -> now;
    var intake =
        new EventIntake(new EventReader(EventCatalogue.standard()), kafka, "email.events", clock);
    var cut =
        new Ingest(senders.settings(), intake, (_, _) -> new Got.Failed("away"), meters, clock);
    var missing =
        new Ingest(
            senders.settings(),
            intake,
            (_, _) -> new Got.Content(404, ByteBuffer.allocate(0)),
            meters,
            clock);
    var post = senders.notification("{}", NOW).request();

    assertThat(cut.receive(Provider.SES, "", post)).isInstanceOf(Receipt.Unavailable.class);
    assertThat(missing.receive(Provider.SES, "", post)).isEqualTo(new Receipt.Forged());
  }

  @Test
  void keysThatAreNoneAreRefusedAndNotShown() {
    var tenant = new TenantId("acme");
    for (var provider : Provider.values()) {
      assertThatThrownBy(() -> new SourceSettings("s", provider, tenant, "short"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("key: ")
          .hasMessageNotContaining("short,");
    }
    assertThat(senders.settings().sources())
        .allSatisfy(it -> assertThat(it.toString()).doesNotContain(it.key()));
  }

  @Test
  void theRealFetchRefusesAddressesInside() {
    try (var fetch = new GuardedGet(EgressSettings.DEFAULT)) {
      for (var address :
          List.of("https://127.0.0.1/x", "https://169.254.169.254/", "https://[::1]/")) {
        assertThat(fetch.get(URI.create(address), 100)).isInstanceOf(Got.Failed.class);
      }
      assertThat(fetch.get(URI.create("http://example.com/"), 100)).isInstanceOf(Got.Failed.class);
    }
  }

  private List<Posted> posts(Provider provider) {
    return senders.posts(provider, Senders.fixture(provider.word() + ".json"), NOW);
  }

  private void assertForged(Ingest ingest, Provider provider, Posted post) {
    var before = kafka.written.size();
    assertThat(ingest.receive(provider, provider.word(), post.request()))
        .isEqualTo(new Receipt.Forged());
    assertThat(kafka.written).hasSize(before);
  }

  private static Posted changed(Posted post, Consumer<ObjectNode> change) {
    try {
      var json = (ObjectNode) JSON.readTree(post.body());
      change.accept(json);
      return new Posted(post.headers(), json.toString().getBytes(UTF_8));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private int count(String meter, String source) {
    return (int) meters.counter(meter, "source", source).count();
  }
}

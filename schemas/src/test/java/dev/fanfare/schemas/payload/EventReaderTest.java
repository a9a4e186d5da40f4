package dev.fanfare.schemas.payload;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.schemas.avro.EmailEvent;
import dev.fanfare.schemas.catalogue.EventCatalogue;
import dev.fanfare.schemas.catalogue.EventType;
import dev.fanfare.schemas.id.EventId;
import dev.fanfare.schemas.id.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class EventReaderTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final EventCatalogue CATALOGUE = EventCatalogue.standard();
  private static final Instant NOW = Instant.parse("2026-05-06T07:08:09.123456Z");
  private static final EventReader READER = new EventReader(CATALOGUE);
  private static final EventDefaults ANY_TENANT = defaults(Optional.empty());
  private static final EventDefaults ACME = defaults(Optional.of(new TenantId("acme")));

  private static final String LEAST =
      """
      {"type": "email.bounced", "tenant": "acme", "message_id": "m1", "recipient": "a@b.example"}
      """;

  static Stream<EventType> types() {
    return CATALOGUE.types().stream();
  }

  @ParameterizedTest
  @MethodSource("types")
  void whatWasRenderedReadsBackAsTheSameEvent(EventType type) throws Exception {
    for (long seed = 0; seed < 200; seed++) {
      var event = RandomEvents.seeded(seed).of(type);

      assertThat(READER.read(asSent(event, type), ANY_TENANT))
          .isEqualTo(new EventReading.Read(event));
    }
  }

  @ParameterizedTest
  @MethodSource("types")
  void theExampleIsAnEventThatIsTaken(EventType type) throws Exception {
    assertThat(READER.read(asSent(type.example(), type), ANY_TENANT))
        .isEqualTo(new EventReading.Read(type.example()));
  }

  @Test
  void idAndTimeAreSuppliedWhenMissing() throws Exception {
    var event = read(LEAST, ANY_TENANT);

    assertThat(event.getEventId()).isEqualTo("evt_made");
    assertThat(event.getOccurredAt()).isEqualTo(Instant.parse("2026-05-06T07:08:09.123Z"));
    assertThat(event.getTags()).isEmpty();
    assertThat(event.getMetadata()).isEmpty();
  }

  @Test
  void idAndTimeOfTheSenderStand() throws Exception {
    var event =
        read(
            with("event_id", "\"mine\"", "occurred_at", "\"2026-01-02T04:04:05.5+01:00\""),
            ANY_TENANT);

    assertThat(event.getEventId()).isEqualTo("mine");
    assertThat(event.getOccurredAt()).isEqualTo(Instant.parse("2026-01-02T03:04:05.500Z"));
  }

  @Test
  void nullCountsAsAbsent() throws Exception {
    assertThat(read(with("subject", "null", "tags", "null", "event_id", "null"), ANY_TENANT))
        .isEqualTo(read(LEAST, ANY_TENANT));
  }

  @Test
  void theSendersTenantIsFilledInAndNoOtherTaken() throws Exception {
    var without = "{\"type\": \"email.sent\", \"message_id\": \"m\", \"recipient\": \"r\"}";

    assertThat(read(without, ACME).getTenant()).isEqualTo("acme");
    assertThat(problems(without, ANY_TENANT))
        .containsExactly(new EventProblem("/tenant", "is required"));
    assertThat(problems(with("tenant", "\"globex\""), ACME))
        .containsExactly(new EventProblem("/tenant", "is not the tenant of the sender"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          event_id     | "a.b"                          | /event_id         | must be 1 to 64
          event_id     | 7                              | /event_id         | must be a text
          type         | "email.teleported"             | /type             | no event type
          type         | null                           | /type             | is required
          tenant       | "a b"                          | /tenant           | must be 1 to 64
          occurred_at  | 1767322145                     | /occurred_at      | RFC 3339
          occurred_at  | "2026-01-02 03:04"             | /occurred_at      | RFC 3339
          occurred_at  | "2026-01-02T03:04:05"          | /occurred_at      | RFC 3339
          occurred_at  | "+99999-01-02T03:04:05Z"       | /occurred_at      | RFC 3339
          message_id   | " "                            | /message_id       | must not be blank
          recipient    | ["a@b.example"]                | /recipient        | must be a text
          tags         | "one"                          | /tags             | must be a list
          tags         | ["one", 2]                     | /tags/1           | must be a text
          tags         | [null]                         | /tags/0           | must be a text
          metadata     | {"a/b~c": 1}                   | /metadata/a~1b~0c | must be a text
          metadata     | []                             | /metadata         | must be an object
          surprise     | 1                              | /surprise         | unknown field
          data         | {}                             | /data             | unknown field
          bounce       | "hard"                         | /bounce           | must be an object
          bounce       | {"smtp_code": "550"}           | /bounce/smtp_code | whole number of 32 bits
          bounce       | {"smtp_code": 550.5}           | /bounce/smtp_code | whole number of 32 bits
          bounce       | {"smtp_code": 3000000000}      | /bounce/smtp_code | whole number of 32 bits
          bounce       | {"queue_time_ms": 1e30}        | /bounce/queue_time_ms | whole number of 64 bits
          bounce       | {"suppressed": "yes"}          | /bounce/suppressed | must be true or false
          bounce       | {"knid": "hard"}               | /bounce/knid      | unknown field
          open         | {}                             | /open             | belongs to email.opened, not to email.bounced
          unsubscribe  | {}                             | /unsubscribe      | belongs to email.unsubscribed and email.resubscribed
          """)
  void aFaultIsToldWithItsPointer(String field, String value, String pointer, String detail)
      throws Exception {
    assertThat(problems(with(field, value), ANY_TENANT))
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.pointer()).isEqualTo(pointer);
          assertThat(problem.detail()).contains(detail);
        });
  }

  @Test
  void numbersMustBeFinite() throws Exception {
    var json = with("type", "\"contact.engagement_changed\"", "engagement", "{\"score\": 1e999}");

    assertThat(problems(json, ANY_TENANT))
        .containsExactly(new EventProblem("/engagement/score", "must be a number"));
  }

  @Test
  void aNumberWithoutAFractionIsWhole() throws Exception {
    assertThat(read(with("bounce", "{\"smtp_code\": 550.0}"), ANY_TENANT).getBounce().getSmtpCode())
        .isEqualTo(550);
  }

  @Test
  void textsAndListsAreBounded() throws Exception {
    assertThat(problems(with("recipient", quoted(321)), ANY_TENANT))
        .containsExactly(new EventProblem("/recipient", "is longer than 320 characters: 321"));
    assertThat(problems(with("subject", quoted(4_097)), ANY_TENANT)).hasSize(1);
    assertThat(problems(with("campaign", quoted(1_025)), ANY_TENANT)).hasSize(1);
    assertThat(problems(with("tags", many(101, i -> "\"t\"", "[", "]")), ANY_TENANT))
        .containsExactly(new EventProblem("/tags", "has more than 100 entries: 101"));
    assertThat(
            problems(with("metadata", many(101, i -> "\"k" + i + "\":\"\"", "{", "}")), ANY_TENANT))
        .hasSize(1);
    assertThat(problems(with("metadata", "{" + quoted(129) + ": \"v\"}"), ANY_TENANT)).hasSize(1);
    assertThat(read(with("recipient", quoted(320)), ANY_TENANT).getRecipient()).hasSize(320);
  }

  @Test
  void halfASurrogatePairIsReplacedAndMayNotMakeTwoNamesOne() throws Exception {
    assertThat(read(with("subject", "\"a\\ud800b\""), ANY_TENANT).getSubject()).isEqualTo("a�b");
    assertThat(problems(with("metadata", "{\"\\ud800\": \"1\", \"\\ud801\": \"2\"}"), ANY_TENANT))
        .singleElement()
        .satisfies(problem -> assertThat(problem.detail()).isEqualTo("is there twice"));
  }

  @Test
  void allProblemsAreToldAtOnce() throws Exception {
    var json =
        """
        {"event_id": "a.b", "type": "email.opened", "occurred_at": "now", "recipient": "",
         "bounce": {}, "open": {"machine": 1, "x": 2}, "tags": [1], "y": 3}
        """;

    assertThat(problems(json, ANY_TENANT).stream().map(EventProblem::pointer))
        .containsExactlyInAnyOrder(
            "/event_id",
            "/tenant",
            "/occurred_at",
            "/message_id",
            "/recipient",
            "/bounce",
            "/open/machine",
            "/open/x",
            "/tags/0",
            "/y");
  }

  @Test
  void aHostileEventGetsABoundedAnswer() throws Exception {
    var json = many(5_000, i -> "\"" + "n".repeat(1_000) + i + "\":1", "{", "}");

    var problems = problems(json, ANY_TENANT);

    assertThat(problems).hasSize(EventReader.MOST_PROBLEMS);
    assertThat(problems).allMatch(problem -> problem.pointer().length() < 200);
  }

  @Test
  void aProblemNeverShowsTheValue() throws Exception {
    var json =
        with("recipient", "{\"s3cr3t\": 1}", "occurred_at", "\"s3cr3t\"", "tenant", "\"s3cr3t!\"");

    assertThat(problems(json, ANY_TENANT)).hasSize(3).noneMatch(p -> p.detail().contains("s3cr3t"));
  }

  @Test
  void anArrayIsReadOneByOne() throws Exception {
    var readings = READER.readAll(JSON.readTree("[" + LEAST + ", {\"x\": 1}, 7]"), ACME);

    assertThat(readings).hasSize(3);
    assertThat(readings.get(0)).isInstanceOf(EventReading.Read.class);
    assertThat(readings.get(1))
        .isEqualTo(
            new EventReading.Refused(
                List.of(
                    new EventProblem("/1/x", "unknown field"),
                    new EventProblem("/1/type", "is required"),
                    new EventProblem("/1/message_id", "is required"),
                    new EventProblem("/1/recipient", "is required"))));
    assertThat(readings.get(2))
        .isEqualTo(new EventReading.Refused(List.of(new EventProblem("/2", "must be an object"))));
  }

  @Test
  void oneEventNeedsNoArray() throws Exception {
    assertThat(READER.readAll(JSON.readTree(LEAST), ACME))
        .containsExactly(READER.read(JSON.readTree(LEAST), ACME));
    assertThat(READER.read(JSON.readTree("\"text\""), ACME))
        .isEqualTo(new EventReading.Refused(List.of(new EventProblem("", "must be an object"))));
  }

  /// The payload of an event turned into what would be posted: flat, with type and time.
  private static JsonNode asSent(EmailEvent event, EventType type) throws JsonProcessingException {
    var body = PayloadRenderer.render(event, type.newest(), PayloadFormat.STANDARD).body();
    var payload = JSON.readTree(UTF_8.decode(body.duplicate()).toString());
    var sent = (ObjectNode) payload.get("data");
    sent.remove("schema_version");
    sent.set("type", payload.get("type"));
    sent.set("occurred_at", payload.get("timestamp"));
    return sent;
  }

  private static EmailEvent read(String json, EventDefaults defaults)
      throws JsonProcessingException {
    var reading = READER.read(JSON.readTree(json), defaults);
    assertThat(reading).isInstanceOf(EventReading.Read.class);
    return ((EventReading.Read) reading).event();
  }

  private static List<EventProblem> problems(String json, EventDefaults defaults)
      throws JsonProcessingException {
    var reading = READER.read(JSON.readTree(json), defaults);
    assertThat(reading).isInstanceOf(EventReading.Refused.class);
    return ((EventReading.Refused) reading).problems();
  }

  private static String with(String... fieldsAndValues) throws JsonProcessingException {
    var json = (ObjectNode) JSON.readTree(LEAST);
    for (int i = 0; i < fieldsAndValues.length; i += 2) {
      json.set(fieldsAndValues[i], JSON.readTree(fieldsAndValues[i + 1]));
    }
    return json.toString();
  }

  private static String quoted(int length) {
    return "\"" + "x".repeat(length) + "\"";
  }

  private static String many(int count, IntFunction<String> each, String open, String close) {
    return IntStream.range(0, count).mapToObj(each).collect(Collectors.joining(",", open, close));
  }

  private static EventDefaults defaults(Optional<TenantId> tenant) {
    return new EventDefaults(tenant, () -> new EventId("evt_made"), () -> NOW);
  }
}

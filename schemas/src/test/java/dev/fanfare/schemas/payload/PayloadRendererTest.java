package dev.fanfare.schemas.payload;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fanfare.schemas.avro.EmailEvent;
import dev.fanfare.schemas.avro.Open;
import dev.fanfare.schemas.catalogue.EventCatalogue;
import dev.fanfare.schemas.catalogue.EventType;
import dev.fanfare.schemas.serde.TrustedClasses;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PayloadRendererTest {
  static {
    TrustedClasses.trustOurs();
  }

  private static final EventCatalogue CATALOGUE = EventCatalogue.standard();
  private static final int SEEDS = 200;
  private static final ObjectMapper STRICT =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  static Stream<EventType> types() {
    return CATALOGUE.types().stream();
  }

  @Test
  void theStandardPayloadIsThatOfTheDesign() {
    var event =
        EmailEvent.newBuilder()
            .setEventId("evt_1")
            .setTenant("acme")
            .setType("email.opened")
            .setOccurredAt(Instant.parse("2026-01-02T03:04:05.6Z"))
            .setMessageId("msg_1")
            .setRecipient("a@b.example")
            .setMetadata(Map.of("k", "v"))
            .setOpen(Open.newBuilder().setMachine(true).build())
            .build();

    var payload = render(event, PayloadFormat.STANDARD);

    assertThat(text(payload))
        .isEqualTo(
            """
            {"type":"email.opened","timestamp":"2026-01-02T03:04:05.600Z","data":{\
            "event_id":"evt_1","tenant":"acme","message_id":"msg_1","recipient":"a@b.example",\
            "metadata":{"k":"v"},"open":{"machine":true},"schema_version":"1.0"}}\
            """);
    assertThat(payload.contentType()).isEqualTo("application/json");
  }

  @Test
  void aStructuredCloudEventCarriesTheSameData() throws Exception {
    var event = example("email.bounced");

    var payload = render(event, PayloadFormat.CLOUDEVENTS_STRUCTURED);

    var cloudEvent = STRICT.readTree(text(payload));
    var standard = STRICT.readTree(text(render(event, PayloadFormat.STANDARD)));
    assertThat(payload.contentType()).isEqualTo("application/cloudevents+json");
    assertThat(cloudEvent.get("data")).isEqualTo(standard.get("data"));
    assertThat(cloudEvent.get("time")).isEqualTo(standard.get("timestamp"));
    assertThat(cloudEvent.get("specversion").textValue()).isEqualTo("1.0");
    assertThat(cloudEvent.get("id").textValue()).isEqualTo(event.getEventId());
    assertThat(cloudEvent.get("source").textValue()).isEqualTo("/fanfare/northwind-media");
    assertThat(cloudEvent.get("type").textValue()).isEqualTo("email.bounced");
    assertThat(cloudEvent.get("subject").textValue()).isEqualTo(event.getMessageId());
    assertThat(cloudEvent.get("datacontenttype").textValue()).isEqualTo("application/json");
    assertThat(cloudEvent.size()).isEqualTo(8);
  }

  @Test
  void theBodyOfABinaryCloudEventIsTheDataAlone() throws Exception {
    var event = example("email.clicked");

    var payload = render(event, PayloadFormat.CLOUDEVENTS_BINARY);

    var standard = STRICT.readTree(text(render(event, PayloadFormat.STANDARD)));
    assertThat(payload.contentType()).isEqualTo("application/json");
    assertThat(STRICT.readTree(text(payload))).isEqualTo(standard.get("data"));
  }

  @Test
  void aDetailOfAnotherTypeIsNotSent() {
    var event =
        EmailEvent.newBuilder(example("email.bounced"))
            .setOpen(Open.newBuilder().setFirst(true).build())
            .build();

    assertThat(text(render(event, PayloadFormat.STANDARD)))
        .isEqualTo(text(render(example("email.bounced"), PayloadFormat.STANDARD)));
  }

  @Test
  void anEventIsNotWrittenAsAnotherType() {
    var opened = CATALOGUE.find("email.opened").orElseThrow().newest();

    assertThatIllegalStateException()
        .isThrownBy(
            () -> PayloadRenderer.render(example("email.bounced"), opened, PayloadFormat.STANDARD));
  }

  @Test
  void halfASurrogatePairIsReplaced() {
    var event = EmailEvent.newBuilder(example("email.sent")).setSubject("a\ud83d b\ude41").build();

    assertThat(text(render(event, PayloadFormat.STANDARD))).contains("\"a\ufffd b\ufffd\"");
  }

  @ParameterizedTest
  @MethodSource("types")
  void whatIsSentIsWhatTheJsonSchemaSays(EventType type) throws Exception {
    var schema = new PublishedSchema(type.newest());
    for (long seed = 0; seed < SEEDS; seed++) {
      var payload = render(RandomEvents.seeded(seed).of(type), PayloadFormat.STANDARD);

      schema.assertDescribes(text(payload));
    }
  }

  /// Proves the proof: what validates above is not just anything.
  @ParameterizedTest
  @MethodSource("types")
  void aSpoiltPayloadIsNotWhatTheJsonSchemaSays(EventType type) throws Exception {
    var schema = new PublishedSchema(type.newest());
    var good = type.newest().example();
    assertThat(schema.describes(good)).isTrue();

    for (var spoilt :
        List.of(
            good.replace("\"timestamp\"", "\"time\""),
            good.replace("\"schema_version\":\"1.0\"", "\"schema_version\":\"1.1\""),
            good.replace("\"event_id\"", "\"id\""),
            good.replace("\"" + type.detail().orElseThrow() + "\":{", "\"detail\":{"),
            good.replaceFirst("T[0-9:.]+Z", "T25:00:00Z"),
            good.replace("\"recipient\":", "\"recipient\":7,\"x\":"),
            good.replace("\"type\":\"" + type + "\"", "\"type\":\"email.other\""))) {
      assertThat(spoilt).isNotEqualTo(good);
      assertThat(schema.describes(spoilt)).as(spoilt).isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("types")
  void evenABrokenEventMakesValidJsonInValidUtf8(EventType type) throws Exception {
    var schema = new PublishedSchema(type.newest());
    for (long seed = 0; seed < SEEDS; seed++) {
      var event = RandomEvents.brokenSeeded(seed).of(type);
      for (var format : PayloadFormat.ALL) {
        var text = text(render(event, format));

        assertThat(text.codePoints().filter(c -> c >= 0xD800 && c <= 0xDFFF)).isEmpty();
        assertThat(noEscapedSurrogates(STRICT.readTree(text))).isTrue();
      }
      schema.assertDescribes(text(render(event, PayloadFormat.STANDARD)));
    }
  }

  @ParameterizedTest
  @MethodSource("types")
  void theSameEventGivesTheSameBytes(EventType type) {
    var once = RandomEvents.seeded(7).of(type);
    var again = RandomEvents.seeded(7).of(type);

    for (var format : PayloadFormat.ALL) {
      assertThat(render(once, format)).isEqualTo(render(again, format));
    }
  }

  private static boolean noEscapedSurrogates(JsonNode node) {
    if (node.isTextual()) {
      var text = node.textValue();
      return text.codePoints().noneMatch(c -> c >= 0xD800 && c <= 0xDFFF);
    }
    for (var child : node) {
      if (!noEscapedSurrogates(child)) {
        return false;
      }
    }
    return true;
  }

  private static EmailEvent example(String type) {
    return CATALOGUE.find(type).orElseThrow().example();
  }

  private static Payload render(EmailEvent event, PayloadFormat format) {
    var version = CATALOGUE.find(event.getType()).orElseThrow().newest();
    return PayloadRenderer.render(event, version, format);
  }

  /// Decodes without forgiving anything.
  private static String text(Payload payload) {
    try {
      return UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(payload.body().duplicate())
          .toString();
    } catch (CharacterCodingException e) {
      throw new AssertionError("not UTF-8", e);
    }
  }
}

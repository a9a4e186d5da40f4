package dev.fanfare.dispatcher.ingest.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.schemas.avro.EmailEvent;
import dev.fanfare.schemas.catalogue.EventCatalogue;
import dev.fanfare.schemas.id.EventId;
import dev.fanfare.schemas.id.TenantId;
import dev.fanfare.schemas.payload.EventDefaults;
import dev.fanfare.schemas.payload.EventReader;
import dev.fanfare.schemas.payload.EventReading;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Each provider's reports, as its documentation has them with content of our own, against the
/// events that they are to make, field for field: `ingest/<provider>.json` and
/// `ingest/<provider>.expected.json`.
class AdaptersTest {
  private static final ObjectMapper JSON = JsonMapper.builder().build();
  private static final EventReader READER = new EventReader(EventCatalogue.standard());
  private static final Instant ARRIVED = Instant.parse("2026-03-02T12:00:00Z");
  private static final String DELIVERY = "msg_2Lu7r4Wm";

  /// What each fixture holds that no event is made of.
  private static final Map<Provider, Map<String, Integer>> SKIPPED =
      Map.of(
          Provider.SENDGRID, Map.of("account_status_change", 1),
          Provider.POSTMARK, Map.of("SomethingNew", 1),
          Provider.MAILGUN, Map.of("list_member_uploaded", 1),
          Provider.SES, Map.of("AmazonSnsSubscriptionSucceeded", 1),
          Provider.RESEND, Map.of("domain.updated", 1),
          Provider.SPARKPOST, Map.of("ab_test_completed", 1),
          Provider.KUMOMTA, Map.of("XferOut", 1, "AdminRebind", 1));

  @ParameterizedTest
  @EnumSource
  void makesTheEventsOfEveryReport(Provider provider) {
    var reports = resource(provider.word() + ".json");
    var expected = new ArrayList<EmailEvent>();
    resource(provider.word() + ".expected.json").forEach(json -> expected.add(event(json)));

    var translation = provider.translate(List.of(reports), DELIVERY);

    var events = translation.events().stream().map(AdaptersTest::event).toList();
    for (int i = 0; i < Math.min(events.size(), expected.size()); i++) {
      assertThat(events.get(i)).as("event " + i).isEqualTo(expected.get(i));
    }
    assertThat(events).hasSameSizeAs(expected);
    assertThat(translation.skipped()).isEqualTo(SKIPPED.get(provider));
  }

  @ParameterizedTest
  @EnumSource
  void whatComesAgainMakesTheSameEvents(Provider provider) {
    var reports = resource(provider.word() + ".json");

    var first = provider.translate(List.of(reports), DELIVERY).events();
    var again = provider.translate(List.of(reports.deepCopy()), DELIVERY).events();

    assertThat(again).isEqualTo(first);
  }

  /// Requests of providers that send one report each have ids of their own; here all share one.
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "RESEND")
  void noTwoEventsHaveOneId(Provider provider) {
    var events = provider.translate(List.of(resource(provider.word() + ".json")), "").events();

    assertThat(events.stream().map(it -> it.path("event_id").asText())).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @EnumSource
  void nothingOfAnyFormMakesItThrow(Provider provider) throws IOException {
    for (var text :
        List.of(
            "{}",
            "[]",
            "null",
            "7",
            "\"x\"",
            "[[[]]]",
            "{\"msys\":7}",
            "{\"mail\":[]}",
            "{\"event-data\":[]}",
            "{\"type\":{}}",
            "{\"event\":[]}",
            "{\"RecordType\":null}")) {
      assertThat(provider.translate(List.of(JSON.readTree(text)), "").events()).isEmpty();
    }
    // And every value of what is known turned into another kind of value.
    for (var report : resource(provider.word() + ".json")) {
      for (var hostile : List.of("null", "[]", "{}", "-1", "\"\"", "1e400", "[{\"a\":[1]}]")) {
        turnedInto(report, JSON.readTree(hostile))
            .forEach(it -> provider.translate(List.of(it), "").events().forEach(_ -> {}));
      }
    }
  }

  /// The report once for each of its fields, the field replaced, one and two levels down.
  private static List<JsonNode> turnedInto(JsonNode report, JsonNode hostile) {
    var turned = new ArrayList<JsonNode>();
    for (var field : report.properties()) {
      if (field.getKey().equals("eventType") || field.getKey().equals("RecordType")) {
        continue;
      }
      var copy = (ObjectNode) report.deepCopy();
      copy.set(field.getKey(), hostile);
      turned.add(copy);
      for (var below : field.getValue().properties()) {
        var deeper = (ObjectNode) report.deepCopy();
        ((ObjectNode) deeper.get(field.getKey())).set(below.getKey(), hostile);
        turned.add(deeper);
      }
    }
    return turned;
  }

  @Test
  void aTextThatIsTooLongIsCutAndTheEventKept() throws IOException {
    var report =
        JSON.readTree(
            """
            {"event": "bounce", "email": "ada@example.com", "sg_event_id": "e1", "reason": "%s",
             "sg_message_id": "%s", "%s": "dropped", "arg": "%s"}
            """
                .formatted(
                    "550 " + "😀".repeat(9_000),
                    "m".repeat(900),
                    "k".repeat(200),
                    "v".repeat(2_000)));

    var event = event(Provider.SENDGRID.translate(List.of(report), "").events().getFirst());

    assertThat(event.getBounce().getResponse()).startsWith("550 😀").hasSize(4_096);
    assertThat(event.getMessageId()).startsWith("long-message-id-");
    assertThat(event.getMetadata()).containsOnlyKeys("arg");
    assertThat(event.getOccurredAt()).isEqualTo(ARRIVED);
  }

  private static EmailEvent event(JsonNode json) {
    var defaults =
        new EventDefaults(
            Optional.of(new TenantId("acme")), () -> new EventId("none"), () -> ARRIVED);
    return switch (READER.read(json, defaults)) {
      case EventReading.Read(var event) -> event;
      case EventReading.Refused(var problems) ->
          throw new AssertionError(problems + " in " + json.toPrettyString());
    };
  }

  private static JsonNode resource(String name) {
    try (var in = AdaptersTest.class.getResourceAsStream("/ingest/" + name)) {
      return JSON.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package dev.fanfare.schemas.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fanfare.schemas.avro.EmailEvent;
import dev.fanfare.schemas.json.Version;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventCatalogueTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final EventCatalogue CATALOGUE = EventCatalogue.standard();

  static Stream<EventType> types() {
    return CATALOGUE.types().stream();
  }

  @Test
  void theTypesAreThoseOfTheDesign() {
    assertThat(CATALOGUE.types().stream().map(EventType::name))
        .containsExactly(
            "email.queued",
            "email.sent",
            "email.delivered",
            "email.deferred",
            "email.bounced",
            "email.dropped",
            "email.opened",
            "email.clicked",
            "email.complained",
            "email.unsubscribed",
            "email.resubscribed",
            "email.received",
            "email.auto_replied",
            "contact.engagement_changed",
            "suppression.added",
            "suppression.removed");
  }

  @Test
  void everyDetailOfTheRecordBelongsToAType() {
    var used = new HashSet<>(types().flatMap(type -> type.detail().stream()).toList());

    var details =
        EmailEvent.getClassSchema().getFields().stream()
            .filter(field -> field.doc().startsWith("Detail of"))
            .map(field -> field.name());
    assertThat(used).containsExactlyInAnyOrderElementsOf(details.toList());
  }

  /// The Avro descriptions name the types too; they must name the same ones.
  @ParameterizedTest
  @MethodSource("types")
  void theAvroSchemaSaysTheSame(EventType type) {
    var detail = EmailEvent.getClassSchema().getField(type.detail().orElseThrow());

    assertThat(detail.doc()).contains(type.name());
  }

  @ParameterizedTest
  @CsvSource({
    "*, 16",
    "email.*, 13",
    "suppression.*, 2",
    "contact.*, 1",
    "email.bounced, 1",
    "email.bo*, 0",
    "email., 0",
    "email, 0",
    ".*, 0",
    "**, 0",
    "*.bounced, 0",
    "EMAIL.BOUNCED, 0",
    "email.teleported, 0",
    "'', 0",
  })
  void aPatternSelectsTypes(String pattern, int count) {
    assertThat(CATALOGUE.matching(pattern)).hasSize(count);
    assertThat(CATALOGUE.isUsable(pattern)).isEqualTo(count > 0);
  }

  @ParameterizedTest
  @MethodSource("types")
  void everyTypeIsFoundAndHasAVersion(EventType type) {
    assertThat(CATALOGUE.find(type.name())).containsSame(type);
    assertThat(type.newest().number()).isEqualTo("1.0");
    assertThat(type.version("1.0")).containsSame(type.newest());
    assertThat(type.version("9.9")).isEmpty();
    assertThat(type.description()).endsWith(".");
  }

  @ParameterizedTest
  @MethodSource("types")
  void theJsonSchemaIsAWholeOne(EventType type) throws Exception {
    var schema = JSON.readTree(type.newest().jsonSchema());

    assertThat(schema.get("$schema").textValue())
        .isEqualTo("https://json-schema.org/draft/2020-12/schema");
    assertThat(schema.get("$id").textValue())
        .isEqualTo("urn:fanfare:event-type:" + type.name() + ":1.0");
    assertThat(schema.at("/properties/type/const").textValue()).isEqualTo(type.name());
    assertThat(schema.at("/properties/timestamp/format").textValue()).isEqualTo("date-time");
    assertThat(schema.at("/properties/data/properties/schema_version/const").textValue())
        .isEqualTo("1.0");
    assertThat(schema.at("/properties/data/required").toString())
        .isEqualTo("[\"event_id\",\"tenant\",\"message_id\",\"recipient\",\"schema_version\"]");
    assertThat(schema.at("/properties/data/properties").has(type.detail().orElseThrow())).isTrue();
    assertDescribed(schema.at("/properties"));
  }

  /// Every property says what it is, in words that hold for JSON.
  private static void assertDescribed(JsonNode properties) {
    for (var property : properties.properties()) {
      var description = property.getValue().path("description").asText();
      assertThat(description)
          .as(property.getKey())
          .isNotBlank()
          .endsWith(".")
          .doesNotContainPattern("\\bnull\\b|epoch|millisecond.*since");
      assertDescribed(property.getValue().path("properties"));
      assertDescribed(property.getValue().at("/items/properties"));
    }
  }

  @ParameterizedTest
  @MethodSource("types")
  void theExampleIsFullOfContent(EventType type) throws Exception {
    var example = JSON.readTree(type.newest().example());

    assertThat(type.example().getType()).isEqualTo(type.name());
    assertThat(example.at("/type").textValue()).isEqualTo(type.name());
    assertThat(example.at("/data/" + type.detail().orElseThrow()).size()).isPositive();
    assertThat(example.at("/data/subject").textValue()).isNotBlank();
  }

  @Test
  void noTwoExamplesShareAnId() {
    assertThat(types().map(type -> type.example().getEventId()).distinct()).hasSize(16);
  }

  @Test
  void aPinGetsTheNewestVersionNotAboveIt() {
    var grown = grown("1.0", "1.1", "2.0");

    assertThat(grown.newest()).hasToString("email.sent 2.0");
    assertThat(grown.pinnedAt("1.0")).hasToString("email.sent 1.0");
    assertThat(grown.pinnedAt("1.5")).hasToString("email.sent 1.1");
    assertThat(grown.pinnedAt("3.0")).hasToString("email.sent 2.0");
    assertThat(grown.pinnedAt("0.9")).as("the type is younger").hasToString("email.sent 1.0");
    assertThatIllegalArgumentException().isThrownBy(() -> grown.pinnedAt("newest"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1.1,1.0"})
  void versionsStandInOrder(String numbers) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> grown(numbers.isEmpty() ? new String[0] : numbers.split(",")));
  }

  @Test
  void noTwoTypesShareAName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new EventCatalogue(List.of(grown("1.0"), grown("1.0"))));
  }

  private static EventType grown(String... numbers) {
    var sent = CATALOGUE.find("email.sent").orElseThrow();
    var versions =
        Stream.of(numbers)
            .map(number ->
                SchemaVersion.of(
                    sent.name(),
                    sent.description(),
                    sent.detail(),
                    Version.of(number),
                    sent.example()))
            .toList();
    return new EventType(sent.name(), sent.description(), sent.detail(), sent.example(), versions);
  }
}

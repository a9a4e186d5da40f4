package dev.fanfare.schemas.avro;

import static org.apache.avro.SchemaCompatibility.SchemaCompatibilityType.COMPATIBLE;
import static org.apache.avro.SchemaCompatibility.SchemaCompatibilityType.INCOMPATIBLE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaParser;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// BACKWARD_TRANSITIVE: today's schemas read what any release wrote. The released ones are kept in
/// `src/main/avro-released/<version>`; a release adds its own and changes none.
class SchemaEvolutionTest {
  private static final Map<String, Schema> CURRENT = AvroFiles.current();

  static Stream<Arguments> releasedSchemas() {
    return AvroFiles.releases().stream()
        .flatMap(release ->
            AvroFiles.released(release).values().stream()
                .map(schema -> Arguments.of(release, schema)));
  }

  @ParameterizedTest
  @MethodSource("releasedSchemas")
  void whatAReleaseWroteIsReadable(String release, Schema released) {
    assertThat(problems(CURRENT.get(released.getFullName()), released))
        .as(released.getFullName() + " of " + release)
        .isEmpty();
  }

  @Test
  void everySchemaOfTodayIsGenerated() throws ClassNotFoundException {
    for (var name : CURRENT.keySet()) {
      assertThat(Class.forName(name)).isAssignableTo(SpecificRecord.class);
    }
  }

  /// A subscription that pinned version 1.0 must not see fields that came after it.
  @Test
  void aFieldThatCameAfterTheFirstReleaseSaysSinceWhichVersion() {
    var sent = CURRENT.get(EmailEvent.getClassSchema().getFullName());
    var first = AvroFiles.released(AvroFiles.releases().getFirst());

    assertThat(unmarked(recordsOf(sent), first)).isEmpty();
  }

  @Test
  void aPlantedUnmarkedFieldIsFound() {
    var event = field("email", "string", Optional.empty());
    var grown = record("Event", event, field("later", "string", Optional.of("")));

    assertThat(unmarked(Map.of("Event", grown), Map.of("Event", record("Event", event))))
        .containsExactly("Event.later");
  }

  static Stream<Arguments> changes() {
    var id = field("id", "string", Optional.empty());
    var count = field("count", "int", Optional.empty());
    return Stream.of(
        Arguments.of("no change", record("R", id, count), COMPATIBLE),
        Arguments.of(
            "a field with a default",
            record("R", id, count, field("new", "string", Optional.of("x"))),
            COMPATIBLE),
        Arguments.of("a field less", record("R", id), COMPATIBLE),
        Arguments.of(
            "a wider number",
            record("R", id, field("count", "long", Optional.empty())),
            COMPATIBLE),
        Arguments.of(
            "a field without a default",
            record("R", id, count, field("new", "string", Optional.empty())),
            INCOMPATIBLE),
        Arguments.of(
            "another name",
            record("R", id, field("number", "int", Optional.empty())),
            INCOMPATIBLE),
        Arguments.of(
            "another type",
            record("R", id, field("count", "boolean", Optional.empty())),
            INCOMPATIBLE));
  }

  @ParameterizedTest(name = "{0}: {2}")
  @MethodSource("changes")
  void thePlantedChangeIsJudgedRightly(
      String what, Schema changed, SchemaCompatibility.SchemaCompatibilityType expected) {
    var released =
        record(
            "R", field("id", "string", Optional.empty()), field("count", "int", Optional.empty()));

    assertThat(problems(changed, released).isEmpty()).isEqualTo(expected == COMPATIBLE);
  }

  @Test
  void aSchemaThatIsGoneIsAProblem() {
    assertThat(problems(null, record("R"))).containsExactly("is gone");
  }

  private static List<String> problems(@Nullable Schema current, Schema released) {
    if (current == null) {
      return List.of("is gone");
    }
    return SchemaCompatibility.checkReaderWriterCompatibility(current, released)
        .getResult()
        .getIncompatibilities()
        .stream()
        .map(Object::toString)
        .toList();
  }

  /// Fields of today's event records, other than details of new types, that the release had not and
  /// that say nothing of a version.
  private static List<String> unmarked(Map<String, Schema> current, Map<String, Schema> released) {
    Function<Schema, Stream<String>> ofRecord =
        record ->
            record.getFields().stream()
                .filter(field -> field.getProp("since") == null)
                .filter(field -> !isRecord(field))
                .filter(field ->
                    released.containsKey(record.getFullName())
                        && released.get(record.getFullName()).getField(field.name()) == null)
                .map(field -> record.getName() + "." + field.name());
    return current.values().stream().flatMap(ofRecord).toList();
  }

  private static Map<String, Schema> recordsOf(Schema event) {
    var records = new HashMap<String, Schema>();
    collect(event, records);
    return records;
  }

  private static void collect(Schema schema, Map<String, Schema> records) {
    switch (schema.getType()) {
      case RECORD -> {
        records.put(schema.getFullName(), schema);
        schema.getFields().forEach(field -> collect(field.schema(), records));
      }
      case UNION -> schema.getTypes().forEach(branch -> collect(branch, records));
      case ARRAY -> collect(schema.getElementType(), records);
      case MAP -> collect(schema.getValueType(), records);
      default -> {}
    }
  }

  private static boolean isRecord(Schema.Field field) {
    return field.schema().isUnion()
        && field.schema().getTypes().stream().anyMatch(s -> s.getType() == Schema.Type.RECORD);
  }

  private static Schema record(String name, String... fields) {
    return new SchemaParser()
        .parse(
            "{\"type\":\"record\",\"name\":\""
                + name
                + "\",\"fields\":["
                + String.join(",", fields)
                + "]}")
        .mainSchema();
  }

  private static String field(String name, String type, Optional<String> fallback) {
    return "{\"name\":\""
        + name
        + "\",\"type\":\""
        + type
        + "\""
        + fallback.map(value -> ",\"default\":\"" + value + "\"").orElse("")
        + "}";
  }
}

package dev.fanfare.schemas.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.core.JsonFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParser;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.junit.jupiter.api.Test;

/// What a version shows of a schema that has grown since.
class FieldSelectionTest {
  private static final Schema GROWN =
      new SchemaParser()
          .parse(
              """
              {"type": "record", "name": "Event", "fields": [
                {"name": "type", "type": "string"},
                {"name": "occurred_at", "type": "long"},
                {"name": "old", "type": "string"},
                {"name": "new", "type": ["null", "string"], "default": null, "since": "1.1"},
                {"name": "bounce", "type": ["null", {"type": "record", "name": "Bounce", "fields": [
                  {"name": "kind", "type": "string"},
                  {"name": "score", "type": ["null", "double"], "default": null, "since": "2.0"}
                ]}], "default": null},
                {"name": "open", "type": ["null", {"type": "record", "name": "Open", "fields": []}],
                 "default": null}
              ]}
              """)
          .mainSchema();

  @Test
  void anOlderVersionGoesOnWithoutTheNewFields() throws IOException {
    assertThat(written("1.0")).isEqualTo("{\"old\":\"o\",\"bounce\":{\"kind\":\"hard\"}}");
    assertThat(written("1.1"))
        .isEqualTo("{\"old\":\"o\",\"new\":\"n\",\"bounce\":{\"kind\":\"hard\"}}");
    assertThat(written("2.0"))
        .isEqualTo("{\"old\":\"o\",\"new\":\"n\",\"bounce\":{\"kind\":\"hard\",\"score\":0.5}}");
  }

  @Test
  void theEnvelopesFieldsAndOtherTypesDetailsAreLeftOut() {
    assertThat(names(new FieldSelection(Optional.of("open"), Version.FIRST)))
        .containsExactly("old", "open");
    assertThat(names(new FieldSelection(Optional.empty(), Version.FIRST))).containsExactly("old");
  }

  @Test
  void aDetailThatTheRecordHasNotIsOurFault() {
    assertThatIllegalStateException()
        .isThrownBy(() -> names(new FieldSelection(Optional.of("bonce"), Version.FIRST)))
        .withMessageContaining("bonce");
  }

  private static List<String> names(FieldSelection selection) {
    return selection.ofEvent(GROWN).stream().map(Schema.Field::name).toList();
  }

  private static String written(String version) throws IOException {
    var selection = new FieldSelection(Optional.of("bounce"), Version.of(version));
    var writer = RecordWriter.of(selection.ofEvent(GROWN), selection::of);
    var bytes = new ByteArrayOutputStream();
    try (var out = new JsonFactory().createGenerator(bytes)) {
      out.writeStartObject();
      writer.writeFields(out, event());
      out.writeEndObject();
    }
    return bytes.toString(UTF_8);
  }

  private static GenericRecord event() {
    var bounce = FieldSelection.value(GROWN.getField("bounce").schema());
    return new GenericRecordBuilder(GROWN)
        .set("type", "email.bounced")
        .set("occurred_at", 0L)
        .set("old", "o")
        .set("new", "n")
        .set(
            "bounce",
            new GenericRecordBuilder(bounce).set("kind", "hard").set("score", 0.5).build())
        .build();
  }
}

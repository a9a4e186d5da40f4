package dev.fanfare.schemas.avro;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SchemaDocTest {
  static Stream<Schema> records() {
    return AvroFiles.current().values().stream();
  }

  @ParameterizedTest
  @MethodSource("records")
  void everyRecordAndEveryFieldSaysWhatItIs(Schema record) {
    assertThat(record.getDoc()).as(record.getFullName()).isNotBlank();
    for (var field : record.getFields()) {
      assertThat(field.doc()).as(record.getFullName() + "." + field.name()).isNotBlank();
    }
  }

  /// A field without a default could never be left out again, and one that may be null must say so
  /// first, or its default could not be null.
  @ParameterizedTest
  @MethodSource("records")
  void whatMayBeNullIsNullByDefault(Schema record) {
    for (var field : record.getFields()) {
      if (field.schema().isUnion()) {
        assertThat(field.schema().getTypes().getFirst().getType())
            .as(record.getFullName() + "." + field.name())
            .isEqualTo(Schema.Type.NULL);
        assertThat(field.hasDefaultValue()).isTrue();
      }
    }
  }
}

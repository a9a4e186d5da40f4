package dev.fanfare.schemas.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/// Writes the fields of one kind of record as JSON, by their own names, in the schema's order.
///
/// Worked out once from the schema: afterwards a field is a position, an encoded name and a way to
/// write its value. What is null, empty, or a number that JSON has not (NaN, infinite) is left out.
final class RecordWriter {
  /// How the values of one Avro type are written.
  private interface Value {
    void write(JsonGenerator out, Object value) throws IOException;
  }

  private record Field(int position, SerializedString name, Value value) {}

  private final List<Field> fields;

  private RecordWriter(List<Field> fields) {
    this.fields = fields;
  }

  /// @param fields which fields of this record are written
  /// @param nested the same for the records within
  static RecordWriter of(List<Schema.Field> fields, Function<Schema, List<Schema.Field>> nested) {
    return new RecordWriter(
        fields.stream()
            .map(field ->
                new Field(
                    field.pos(),
                    new SerializedString(field.name()),
                    value(FieldSelection.value(field.schema()), nested)))
            .toList());
  }

  /// The fields without the braces around them.
  void writeFields(JsonGenerator out, IndexedRecord record) throws IOException {
    for (int i = 0; i < fields.size(); i++) {
      var field = fields.get(i);
      var value = record.get(field.position());
      if (isWritten(value)) {
        out.writeFieldName(field.name());
        field.value().write(out, value);
      }
    }
  }

  private static boolean isWritten(@Nullable Object value) {
    return switch (value) {
      case null -> false;
      case Collection<?> items -> !items.isEmpty();
      case Map<?, ?> entries -> !entries.isEmpty();
      case Double number -> Double.isFinite(number);
      default -> true;
    };
  }

  private static Value value(Schema schema, Function<Schema, List<Schema.Field>> nested) {
    return switch (schema.getType()) {
      case STRING -> (out, value) -> out.writeString(WellFormed.text(value.toString()));
      case INT -> (out, value) -> out.writeNumber((int) value);
      case LONG -> number(schema);
      case DOUBLE -> (out, value) -> out.writeNumber((double) value);
      case BOOLEAN -> (out, value) -> out.writeBoolean((boolean) value);
      case ARRAY -> array(value(schema.getElementType(), nested));
      case MAP -> map(value(schema.getValueType(), nested));
      case RECORD -> {
        var writer = of(nested.apply(schema), nested);
        yield (out, value) -> {
          out.writeStartObject();
          writer.writeFields(out, (IndexedRecord) value);
          out.writeEndObject();
        };
      }
      default -> throw new IllegalStateException("no JSON form for " + schema);
    };
  }

  private static Value number(Schema schema) {
    if (schema.getLogicalType() == null) {
      return (out, value) -> out.writeNumber((long) value);
    }
    return (out, value) -> {
      var text = Timestamps.ascii((Instant) value);
      out.writeRawUTF8String(text, 0, text.length);
    };
  }

  private static Value array(Value item) {
    return (out, value) -> {
      out.writeStartArray();
      for (var each : (Collection<?>) value) {
        item.write(out, each);
      }
      out.writeEndArray();
    };
  }

  private static Value map(Value entry) {
    return (out, value) -> {
      out.writeStartObject();
      for (var each : ((Map<?, ?>) value).entrySet()) {
        out.writeFieldName(WellFormed.text(each.getKey().toString()));
        entry.write(out, each.getValue());
      }
      out.writeEndObject();
    };
  }
}

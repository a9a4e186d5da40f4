package dev.fanfare.schemas.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.schemas.avro.EmailEvent;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.avro.Schema;

/// Describes what [EventJson] writes, as JSON Schema 2020-12, from the same Avro schema: names,
/// descriptions, types, and what is always there.
///
/// Objects are left open: within a version's first number fields are only ever added, and a
/// receiver that validates must not break on them.
public final class EventJsonSchema {
  private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";
  private static final ObjectMapper JSON = new ObjectMapper();

  // The Avro descriptions speak of numbers and nulls; in JSON there are texts and absent fields.
  private static final Pattern EPOCH = Pattern.compile(",? (in )?milliseconds since the epoch");
  private static final Pattern NULL = Pattern.compile("\\bnull (?=for|when|otherwise)");

  private EventJsonSchema() {}

  /// The schema of the whole payload, as JSON text.
  public static String of(
      String type, String description, Optional<String> detail, Version version) {
    var schema = JSON.createObjectNode();
    schema.put("$schema", DIALECT);
    schema.put("$id", "urn:fanfare:event-type:" + type + ":" + version);
    schema.put("title", type + " " + version);
    schema.put("description", description);
    schema.put("type", "object");
    var properties = schema.putObject("properties");
    properties.putObject("type").put("description", "Event type.").put("const", type);
    properties
        .putObject("timestamp")
        .put("description", "When it happened; unchanged by retries and replays.")
        .put("type", "string")
        .put("format", "date-time");
    properties.set("data", data(new FieldSelection(detail, version)));
    schema.putArray("required").add("type").add("timestamp").add("data");
    return text(schema);
  }

  private static ObjectNode data(FieldSelection selection) {
    var event = EmailEvent.getClassSchema();
    var data = record(event.getDoc(), selection.ofEvent(event), selection);
    ((ObjectNode) data.get("properties"))
        .putObject(FieldSelection.SCHEMA_VERSION)
        .put("description", "Version of this schema that the data follows.")
        .put("const", selection.version().toString());
    data.withArray("required").add(FieldSelection.SCHEMA_VERSION);
    return data;
  }

  private static ObjectNode record(
      String description, List<Schema.Field> fields, FieldSelection selection) {
    var node = JSON.createObjectNode();
    node.put("description", description);
    node.put("type", "object");
    var properties = node.putObject("properties");
    var required = JSON.createArrayNode();
    for (var field : fields) {
      var value = value(FieldSelection.value(field.schema()), selection);
      properties.set(field.name(), described(field.doc(), value));
      if (!field.schema().isNullable() && !field.hasDefaultValue()) {
        required.add(field.name());
      }
    }
    if (!required.isEmpty()) {
      node.set("required", required);
    }
    return node;
  }

  /// The field's own description first; it says more than that of the record it holds.
  private static ObjectNode described(String description, ObjectNode value) {
    var node = JSON.createObjectNode();
    var inWords = EPOCH.matcher(description).replaceAll("");
    node.put("description", NULL.matcher(inWords).replaceAll("absent "));
    value.remove("description");
    node.setAll(value);
    return node;
  }

  private static ObjectNode value(Schema schema, FieldSelection selection) {
    var node = JSON.createObjectNode();
    return switch (schema.getType()) {
      case STRING -> node.put("type", "string");
      case INT -> node.put("type", "integer");
      case LONG ->
          schema.getLogicalType() == null
              ? node.put("type", "integer")
              : node.put("type", "string").put("format", "date-time");
      case DOUBLE -> node.put("type", "number");
      case BOOLEAN -> node.put("type", "boolean");
      case ARRAY -> {
        node.put("type", "array");
        node.set("items", value(schema.getElementType(), selection));
        yield node;
      }
      case MAP -> {
        node.put("type", "object");
        node.set("additionalProperties", value(schema.getValueType(), selection));
        yield node;
      }
      case RECORD -> record(schema.getDoc(), selection.of(schema), selection);
      default -> throw new IllegalStateException("no JSON form for " + schema);
    };
  }

  private static String text(ObjectNode schema) {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(schema);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree is always writable", e);
    }
  }
}

package dev.fanfare.schemas.catalogue;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fanfare.schemas.avro.EmailEvent;
import dev.fanfare.schemas.json.EventJson;
import dev.fanfare.schemas.json.EventJsonSchema;
import dev.fanfare.schemas.json.Version;
import java.util.Optional;

/// One version of an event type's schema: its number, the JSON Schema of the whole payload, an
/// example, and how payloads of it are written. Immutable.
public final class SchemaVersion {
  private final String type;
  private final Version number;
  private final EventJson json;
  private final String jsonSchema;
  private final String example;

  private SchemaVersion(
      String type, Version number, EventJson json, String jsonSchema, String example) {
    this.type = type;
    this.number = number;
    this.json = json;
    this.jsonSchema = jsonSchema;
    this.example = example;
  }

  static SchemaVersion of(
      String type,
      String description,
      Optional<String> detail,
      Version number,
      EmailEvent exampleEvent) {
    var json = EventJson.of(type, detail, number);
    return new SchemaVersion(
        type,
        number,
        json,
        EventJsonSchema.of(type, description, detail, number),
        new String(json.standard(exampleEvent), UTF_8));
  }

  /// Name of the event type, e.g. `email.bounced`.
  public String type() {
    return type;
  }

  /// E.g. `1.0`; what stands in a payload as `schema_version`.
  public String number() {
    return number.toString();
  }

  /// JSON Schema 2020-12 of the payload `{"type", "timestamp", "data"}`, as JSON text.
  public String jsonSchema() {
    return jsonSchema;
  }

  /// A payload as it would be sent, as JSON text: written by the same code as the real ones.
  public String example() {
    return example;
  }

  /// Writes events of this type at this version.
  public EventJson json() {
    return json;
  }

  Version version() {
    return number;
  }

  @Override
  public String toString() {
    return type + " " + number;
  }
}

package dev.fanfare.schemas.json;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.schemas.avro.EmailEvent;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/// Reads records from JSON by their own field names. Every fault is told with its pointer and none
/// ends the reading, so that a sender learns all of them at once. Nothing is guessed: a number in
/// quotes is not a number, an unknown field is a fault.
///
/// Null counts as absent. Immutable; safe for any number of threads.
public final class RecordReader {
  private static final int SHOWN = 100;

  private final Function<String, Bounds> bounds;

  /// @param bounds by field name
  public RecordReader(Function<String, Bounds> bounds) {
    this.bounds = bounds;
  }

  /// The record with every field that could be read; those with a fault are null, or empty where
  /// the schema does not know null.
  public SpecificRecord read(JsonNode object, Schema schema, String pointer, Found found) {
    var record = empty(schema);
    for (var each : object.properties()) {
      if (schema.getField(each.getKey()) == null) {
        found.problem(under(pointer, each.getKey()), "unknown field");
      }
    }
    for (var field : schema.getFields()) {
      var at = under(pointer, field.name());
      var json = object.get(field.name());
      if (json == null || json.isNull()) {
        if (!field.schema().isNullable() && !field.hasDefaultValue()) {
          found.problem(at, "is required");
        }
        record.put(field.pos(), nothing(field.schema()));
      } else {
        var value =
            value(
                json, FieldSelection.value(field.schema()), bounds.apply(field.name()), at, found);
        record.put(field.pos(), value == null ? nothing(field.schema()) : value);
      }
    }
    return record;
  }

  /// The pointer one step down; RFC 6901 section 3 escapes `~` and `/`. A long name, which only a
  /// hostile or broken sender has, is cut.
  public static String under(String pointer, String name) {
    var shown = name.length() <= SHOWN ? name : name.substring(0, SHOWN) + "…";
    return pointer + "/" + WellFormed.text(shown).replace("~", "~0").replace("/", "~1");
  }

  /// Made of the generated class by its own name; `SpecificData` would ask the process whom it
  /// trusts.
  private static SpecificRecord empty(Schema schema) {
    try {
      var type = Class.forName(schema.getFullName(), true, EmailEvent.class.getClassLoader());
      return type.asSubclass(SpecificRecord.class).getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no generated class for " + schema.getFullName(), e);
    }
  }

  private static @Nullable Object nothing(Schema schema) {
    return switch (schema.getType()) {
      case ARRAY -> new ArrayList<>();
      case MAP -> new LinkedHashMap<>();
      default -> null;
    };
  }

  private @Nullable Object value(
      JsonNode json, Schema schema, Bounds bounds, String at, Found found) {
    return switch (schema.getType()) {
      case STRING -> text(json, bounds.characters(), at, found);
      case INT ->
          isWhole(json) && json.canConvertToInt()
              ? (Object) json.intValue()
              : refused("must be a whole number of 32 bits", at, found);
      case LONG ->
          schema.getLogicalType() == null
              ? isWhole(json) && json.canConvertToLong()
                  ? (Object) json.longValue()
                  : refused("must be a whole number of 64 bits", at, found)
              : time(json, at, found);
      case DOUBLE ->
          json.isNumber() && Double.isFinite(json.doubleValue())
              ? (Object) json.doubleValue()
              : refused("must be a number", at, found);
      case BOOLEAN ->
          json.isBoolean()
              ? (Object) json.booleanValue()
              : refused("must be true or false", at, found);
      case ARRAY -> list(json, schema.getElementType(), bounds, at, found);
      case MAP -> map(json, schema.getValueType(), bounds, at, found);
      case RECORD ->
          json.isObject() ? read(json, schema, at, found) : refused("must be an object", at, found);
      default -> throw new IllegalStateException("no JSON form for " + schema);
    };
  }

  private static boolean isWhole(JsonNode json) {
    return json.isNumber() && json.canConvertToExactIntegral();
  }

  private static @Nullable String text(JsonNode json, int longest, String at, Found found) {
    if (!json.isTextual()) {
      return (String) refused("must be a text", at, found);
    }
    var text = json.textValue();
    if (text.length() > longest) {
      return (String)
          refused("is longer than " + longest + " characters: " + text.length(), at, found);
    }
    return WellFormed.text(text);
  }

  private static @Nullable Object time(JsonNode json, String at, Found found) {
    var expected = "must be a time as in RFC 3339, e.g. 2026-01-02T03:04:05.678Z";
    if (!json.isTextual() || json.textValue().length() > SHOWN) {
      return refused(expected, at, found);
    }
    try {
      var time = Instant.parse(json.textValue()).truncatedTo(ChronoUnit.MILLIS);
      return Timestamps.isWritable(time) ? time : refused(expected, at, found);
    } catch (DateTimeException e) {
      return refused(expected, at, found);
    }
  }

  private List<Object> list(JsonNode json, Schema item, Bounds bounds, String at, Found found) {
    var items = new ArrayList<Object>();
    if (!json.isArray()) {
      refused("must be a list", at, found);
    } else if (json.size() > bounds.items()) {
      refused("has more than " + bounds.items() + " entries: " + json.size(), at, found);
    } else {
      for (int i = 0; i < json.size(); i++) {
        var value = value(json.get(i), item, bounds, at + "/" + i, found);
        if (value != null) {
          items.add(value);
        }
      }
    }
    return items;
  }

  private Map<String, Object> map(
      JsonNode json, Schema value, Bounds bounds, String at, Found found) {
    var entries = new LinkedHashMap<String, Object>();
    if (!json.isObject()) {
      refused("must be an object", at, found);
    } else if (json.size() > bounds.items()) {
      refused("has more than " + bounds.items() + " entries: " + json.size(), at, found);
    } else {
      for (var each : json.properties()) {
        entry(each.getKey(), each.getValue(), value, bounds, under(at, each.getKey()), found)
            .ifPresent(read -> {
              if (entries.putIfAbsent(read.getKey(), read.getValue()) != null) {
                refused("is there twice", under(at, each.getKey()), found);
              }
            });
      }
    }
    return entries;
  }

  private Optional<Map.Entry<String, Object>> entry(
      String key, JsonNode json, Schema schema, Bounds bounds, String at, Found found) {
    if (key.length() > bounds.keyCharacters()) {
      refused("has a name longer than " + bounds.keyCharacters() + " characters", at, found);
      return Optional.empty();
    }
    var value = value(json, schema, bounds, at, found);
    return value == null ? Optional.empty() : Optional.of(Map.entry(WellFormed.text(key), value));
  }

  private static @Nullable Object refused(String detail, String at, Found found) {
    found.problem(at, detail);
    return null;
  }
}

package dev.fanfare.dispatcher.ingest.adapter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.schemas.payload.EventReader;
import java.util.Collection;
import java.util.function.UnaryOperator;

/// An event while it is put together, or a detail of one. What is absent stays absent; a text that
/// is longer than its field takes is cut rather than the event lost for it. Addresses and ids are
/// never cut: they would be others.
final class Draft {
  private final ObjectNode json;

  private Draft() {
    this.json = JsonNodeFactory.instance.objectNode();
  }

  static Draft of(String provider, String type, String eventId) {
    return new Draft().text("event_id", eventId).text("type", type).text("provider", provider);
  }

  ObjectNode json() {
    return json;
  }

  /// @param value empty for absent
  Draft text(String field, String value) {
    if (!value.isBlank()) {
      json.put(field, field.equals("message_id") ? messageId(value) : cut(field, value));
    }
    return this;
  }

  Draft text(String field, JsonNode value) {
    return text(field, Fields.text(value));
  }

  /// An address, out of its angle brackets and without the name before them.
  Draft address(String field, String value) {
    var bare = Fields.address(value);
    if (!bare.isBlank()) {
      json.put(field, bare);
    }
    return this;
  }

  /// A number, or a text that is one.
  Draft whole(String field, JsonNode value) {
    var text = Fields.text(value);
    if (text.matches("[+-]?\\d{1,18}")) {
      json.put(field, Long.parseLong(text));
    }
    return this;
  }

  Draft whole(String field, long value) {
    json.put(field, value);
    return this;
  }

  /// A number, or a text that is one.
  Draft decimal(String field, JsonNode value) {
    var text = Fields.text(value);
    if (text.matches("[+-]?\\d{1,15}(\\.\\d{1,15})?")) {
      json.put(field, Double.parseDouble(text));
    }
    return this;
  }

  Draft flag(String field, JsonNode value) {
    if (value.isBoolean()) {
      json.put(field, value.booleanValue());
    }
    return this;
  }

  Draft flag(String field, boolean value) {
    json.put(field, value);
    return this;
  }

  Draft texts(String field, Collection<String> values) {
    if (!values.isEmpty()) {
      var list = json.putArray(field);
      values.stream()
          .filter(it -> !it.isBlank())
          .limit(EventReader.bounds(field).items())
          .forEach(it -> list.add(cut(field, it)));
    }
    return this;
  }

  /// One of the details, with nothing in it too: that it is there says which.
  Draft detail(String field, UnaryOperator<Draft> fill) {
    json.set(field, fill.apply(new Draft()).json);
    return this;
  }

  /// Adds to a list of records.
  Draft item(String field, UnaryOperator<Draft> fill) {
    var list = json.withArrayProperty(field);
    if (list.size() < EventReader.bounds(field).items()) {
      list.add(fill.apply(new Draft()).json);
    }
    return this;
  }

  /// Each field of an object, as text.
  Draft metadata(JsonNode object) {
    object.properties().forEach(it -> entry(it.getKey(), it.getValue()));
    return this;
  }

  Draft entry(String key, JsonNode value) {
    return entry(key, value.isContainerNode() ? value.toString() : Fields.text(value));
  }

  Draft entry(String key, String value) {
    var bounds = EventReader.bounds("metadata");
    var entries = json.withObjectProperty("metadata");
    if (!key.isEmpty()
        && !value.isEmpty()
        && key.length() <= bounds.keyCharacters()
        && entries.size() < bounds.items()) {
      entries.put(key, cut("metadata", value));
    }
    if (entries.isEmpty()) {
      json.remove("metadata");
    }
    return this;
  }

  /// Too long for an id, yet always the same for the same mail.
  private static String messageId(String value) {
    return value.length() <= EventReader.bounds("message_id").characters()
        ? value
        : EventIds.derived("long-message-id", value);
  }

  private static String cut(String field, String value) {
    int most = EventReader.bounds(field).characters();
    if (value.length() <= most) {
      return value;
    }
    int end = Character.isHighSurrogate(value.charAt(most - 1)) ? most - 1 : most;
    return value.substring(0, end);
  }
}

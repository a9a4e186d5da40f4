package dev.fanfare.dispatcher.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// The OpenAPI document as tests hold answers to it. Objects that it describes are closed here: a
/// field of which it says nothing is a fault.
final class Description {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final SchemaRegistry SCHEMAS =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  private final JsonNode document;
  private final ObjectNode closed;

  Description(JsonNode document) {
    this.document = document;
    this.closed = document.path("components").path("schemas").deepCopy();
    closed.forEach(this::closeBelow);
  }

  /// All of them, e.g. `GET /v1/keys`.
  Set<String> operations() {
    var all = new TreeSet<String>();
    document
        .path("paths")
        .properties()
        .forEach(path ->
            path.getValue()
                .fieldNames()
                .forEachRemaining(
                    method -> all.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
    return all;
  }

  /// Those in the query of an operation.
  List<String> parameters(String operation) {
    var words = operation.split(" ", 2);
    var names = new ArrayList<String>();
    document
        .path("paths")
        .path(words[1])
        .path(words[0].toLowerCase(Locale.ROOT))
        .path("parameters")
        .forEach(it -> {
          if (it.path("in").asText().equals("query")) {
            names.add(it.path("name").asText());
          }
        });
    return names;
  }

  /// What is wrong with an answer of an operation; empty when nothing is.
  List<String> faults(String operation, int status, String mediaType, String body) {
    var words = operation.split(" ", 2);
    var response =
        document
            .path("paths")
            .path(words[1])
            .path(words[0].toLowerCase(Locale.ROOT))
            .path("responses")
            .path("" + status);
    if (response.isMissingNode()) {
      return List.of("its status " + status + " is not described");
    }
    var media = Optional.of(response.path("content")).filter(it -> !it.isMissingNode());
    if (media.isEmpty()) {
      return body.isEmpty() ? List.of() : List.of("its content is not described");
    }
    if (!media.get().has(mediaType)) {
      return List.of("its media type " + mediaType + " is not described");
    }
    var schema = media.get().path(mediaType).path("schema");
    if (schema.isMissingNode()) {
      return mediaType.equals("application/json") ? List.of("it has no schema") : List.of();
    }
    return faults(schema, body);
  }

  private List<String> faults(JsonNode schema, String body) {
    var root = closed(schema);
    root.putObject("components").set("schemas", closed);
    return SCHEMAS
        .getSchema(root)
        .validate(
            body,
            InputFormat.JSON,
            check -> check.executionConfig(how -> how.formatAssertionsEnabled(true)))
        .stream()
        .map(Object::toString)
        .toList();
  }

  private void closeBelow(JsonNode schema) {
    if (!(schema instanceof ObjectNode object)) {
      return;
    }
    object.path("allOf").forEach(this::closeBelow);
    if (object.path("properties") instanceof ObjectNode properties) {
      var names = new ArrayList<String>();
      properties.fieldNames().forEachRemaining(names::add);
      names.forEach(name -> properties.set(name, closed(properties.path(name))));
    }
    if (object.has("items")) {
      object.set("items", closed(object.path("items")));
    }
    if (object.has("oneOf")) {
      var each = NODES.arrayNode();
      object.path("oneOf").forEach(it -> each.add(closed(it)));
      object.set("oneOf", each);
    }
  }

  /// The same where it is used: what it does not evaluate may not be there.
  private ObjectNode closed(JsonNode schema) {
    var copy = schema.<ObjectNode>deepCopy();
    closeBelow(copy);
    var meant =
        schema.has("$ref") ? document.at(schema.path("$ref").asText().substring(1)) : schema;
    if (!meant.has("oneOf") && (meant.has("properties") || meant.has("allOf"))) {
      copy.put("unevaluatedProperties", false);
    }
    return copy;
  }
}

package dev.fanfare.schemas.payload;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.fanfare.schemas.catalogue.SchemaVersion;

/// A JSON Schema of the catalogue, closed: it says no to a field that it does not describe, which
/// the published one must not.
final class PublishedSchema {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Schema closed;

  PublishedSchema(SchemaVersion version) throws JsonProcessingException {
    var tree = JSON.readTree(version.jsonSchema());
    close(tree);
    this.closed =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(tree);
  }

  void assertDescribes(String payload) {
    var errors =
        closed.validate(
            payload,
            InputFormat.JSON,
            check -> check.executionConfig(how -> how.formatAssertionsEnabled(true)));
    assertThat(errors).as(payload).isEmpty();
  }

  boolean describes(String payload) {
    return closed
        .validate(
            payload,
            InputFormat.JSON,
            check -> check.executionConfig(how -> how.formatAssertionsEnabled(true)))
        .isEmpty();
  }

  private static void close(JsonNode schema) {
    if (schema instanceof ObjectNode object && object.path("properties").isObject()) {
      object.put("additionalProperties", false);
    }
    schema.forEach(PublishedSchema::close);
  }
}

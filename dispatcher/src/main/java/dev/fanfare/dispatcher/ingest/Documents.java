package dev.fanfare.dispatcher.ingest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The JSON values that a request holds: one, or one a line. Providers are not held to our own
/// strictness (a name may come twice), but to its bounds.
final class Documents {
  private static final int DEEPEST = 64;
  private static final int LONGEST_NAME = 4_096;
  private static final int LONGEST_NUMBER = 100;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .disable(JsonFactory.Feature.CHARSET_DETECTION)
                  .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEEPEST)
                          .maxNameLength(LONGEST_NAME)
                          .maxNumberLength(LONGEST_NUMBER)
                          .build())
                  .build())
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  private Documents() {}

  /// Empty if it is not JSON to its end, or holds nothing.
  static Optional<List<JsonNode>> read(ByteBuffer utf8) {
    var bytes = new byte[utf8.remaining()];
    utf8.duplicate().get(bytes);
    var documents = new ArrayList<JsonNode>();
    try (var values = MAPPER.readerFor(JsonNode.class).<JsonNode>readValues(bytes)) {
      while (values.hasNextValue()) {
        documents.add(values.nextValue());
      }
      return documents.isEmpty() ? Optional.empty() : Optional.of(documents);
    } catch (IOException e) {
      return Optional.empty(); // no JSON, or beyond the bounds
    }
  }
}

package dev.fanfare.dispatcher.api.exchange;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.IntConsumer;

/// JSON texts in and out. What comes in is UTF-8, has no duplicate names, ends where it ends, and
/// is neither nested nor stretched beyond bounds. Thread-safe.
public final class Json {
  private static final int DEEPEST = 64;
  private static final int LONGEST_NAME = 1_024;
  private static final int LONGEST_NUMBER = 100;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .disable(JsonFactory.Feature.CHARSET_DETECTION) // RFC 8259: UTF-8, nothing else
                  .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEEPEST)
                          .maxNameLength(LONGEST_NAME)
                          .maxNumberLength(LONGEST_NUMBER)
                          .build())
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  private Json() {}

  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /// JSON that we wrote ourselves.
  ///
  /// @throws IllegalStateException if it is none
  public static JsonNode ours(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("our own JSON is malformed", e);
    }
  }

  /// As UTF-8.
  public static ByteBuffer bytes(JsonNode json) {
    try {
      return ByteBuffer.wrap(MAPPER.writeValueAsBytes(json));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can be written", e);
    }
  }

  /// @throws ApiProblem 400 saying where, if it is not one JSON text
  public static JsonNode read(byte[] utf8) {
    return readEach(utf8, Integer.MAX_VALUE, _ -> {});
  }

  /// Reads one value or an array, and tells the position of each element that is longer than
  /// allowed (0 for a single value) without keeping it.
  ///
  /// @param tooLong is told the index
  /// @throws ApiProblem 400 saying where, if it is not one JSON text
  public static JsonNode readEach(byte[] utf8, int longest, IntConsumer tooLong) {
    try (var parser = MAPPER.createParser(utf8)) {
      var first = parser.nextToken();
      if (first == null) {
        throw new ApiProblem(Problem.malformed("a JSON text is expected, there is no content"));
      }
      var json = first == JsonToken.START_ARRAY ? array(parser, longest, tooLong) : one(parser);
      if (first != JsonToken.START_ARRAY && utf8.length > longest) {
        tooLong.accept(0);
      }
      if (parser.nextToken() != null) {
        throw new ApiProblem(Problem.malformed("not JSON: something follows the JSON text"));
      }
      return json;
    } catch (JacksonException e) {
      throw malformed(e);
    } catch (IOException e) {
      // From memory nothing else can fail than the decoding of UTF-8.
      throw new ApiProblem(Problem.malformed("not JSON: the text is not UTF-8"));
    }
  }

  private static JsonNode array(JsonParser parser, int longest, IntConsumer tooLong)
      throws IOException {
    var array = MAPPER.createArrayNode();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      add(array, parser, longest, tooLong);
    }
    return array;
  }

  private static void add(ArrayNode array, JsonParser parser, int longest, IntConsumer tooLong)
      throws IOException {
    long start = parser.currentTokenLocation().getByteOffset();
    var element = one(parser);
    if (parser.currentLocation().getByteOffset() - start > longest) {
      tooLong.accept(array.size());
      array.addNull();
    } else {
      array.add(element);
    }
  }

  private static JsonNode one(JsonParser parser) throws IOException {
    JsonNode node = MAPPER.readTree(parser);
    return node == null ? MAPPER.nullNode() : node;
  }

  private static ApiProblem malformed(JacksonException e) {
    var at = e.getLocation();
    var where =
        at == null || at.getLineNr() < 1
            ? ""
            : " in line %d, column %d".formatted(at.getLineNr(), at.getColumnNr());
    return new ApiProblem(Problem.malformed("not JSON" + where + ": " + why(e)));
  }

  /// The parser's own words, shortened, without what it could not read.
  private static String why(JacksonException e) {
    var words = String.valueOf(e.getOriginalMessage());
    if (words.startsWith("Duplicate field")) {
      return "a name is given twice in one object";
    }
    if (words.contains("nesting depth")) {
      return "nested deeper than " + DEEPEST;
    }
    if (words.contains("UTF-8")) {
      return "the text is not UTF-8";
    }
    if (words.contains("end-of-input")) {
      return "it ends too early";
    }
    return "unexpected text";
  }
}

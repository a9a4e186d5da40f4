package dev.fanfare.dispatcher.telemetry;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;

/// Spans as OpenTelemetry's protocol writes them in JSON (OTLP 1.x, `ExportTraceServiceRequest`).
final class OtlpJson {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int KIND_CLIENT = 3;
  private static final int STATUS_ERROR = 2;

  private OtlpJson() {}

  static byte[] of(String service, List<Span> spans) {
    var request = JsonNodeFactory.instance.objectNode();
    var ofService = request.putArray("resourceSpans").addObject();
    text(ofService.putObject("resource").putArray("attributes"), "service.name", service);
    var ofScope = ofService.putArray("scopeSpans").addObject();
    ofScope.putObject("scope").put("name", "fanfare");
    var all = ofScope.putArray("spans");
    spans.forEach(span -> write(span, all.addObject()));
    try {
      return JSON.writeValueAsBytes(request);
    } catch (IOException e) {
      throw new UncheckedIOException("nothing is written but to memory", e);
    }
  }

  private static void write(Span span, ObjectNode json) {
    json.put("traceId", span.trace().id())
        .put("spanId", span.trace().span())
        .put("parentSpanId", span.parent())
        .put("name", span.name())
        .put("kind", KIND_CLIENT)
        .put("startTimeUnixNano", nanos(span.start()))
        .put("endTimeUnixNano", nanos(span.end()));
    var attributes = json.putArray("attributes");
    span.attributes()
        .forEach((name, value) -> {
          if (value instanceof Integer || value instanceof Long) {
            attributes.addObject().put("key", name).putObject("value").put("intValue", "" + value);
          } else {
            text(attributes, name, value.toString());
          }
        });
    if (span.error() != null) {
      text(attributes, "error.type", span.error());
      json.putObject("status").put("code", STATUS_ERROR);
    }
  }

  private static void text(ArrayNode attributes, String name, String value) {
    attributes.addObject().put("key", name).putObject("value").put("stringValue", value);
  }

  /// 64 bits are written as text, as protobuf's JSON has it.
  private static String nanos(Instant time) {
    return time.getEpochSecond() + "%09d".formatted(time.getNano());
  }
}

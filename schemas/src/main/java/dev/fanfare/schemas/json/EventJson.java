package dev.fanfare.schemas.json;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import dev.fanfare.schemas.avro.EmailEvent;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/// Writes events of one type, at one version of its schema, as JSON.
///
/// ```
/// {"type": "email.bounced", "timestamp": "2026-01-02T03:04:05.678Z",     Standard Webhooks 1.0.0
///  "data": {"event_id": …, …, "bounce": {…}, "schema_version": "1.0"}}
/// ```
///
/// The same event always gives the same bytes, and they are UTF-8 whatever its texts hold.
/// Immutable and safe for any number of threads.
public final class EventJson {
  /// Writes an envelope around the data; the generator stands at the start of the text.
  public interface Envelope {
    void write(JsonGenerator out, EmailEvent event) throws IOException;
  }

  private static final JsonFactory JSON =
      JsonFactory.builder()
          // An emoji as its four bytes of UTF-8 instead of twelve of escapes.
          .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
          .build();
  private static final int USUAL_SIZE = 1024;

  private static final SerializedString TYPE = new SerializedString("type");
  private static final SerializedString TIMESTAMP = new SerializedString("timestamp");
  private static final SerializedString DATA = new SerializedString("data");
  private static final SerializedString SCHEMA_VERSION =
      new SerializedString(FieldSelection.SCHEMA_VERSION);

  private final SerializedString type;
  private final SerializedString version;
  private final RecordWriter fields;

  private EventJson(String type, Version version, RecordWriter fields) {
    this.type = new SerializedString(type);
    this.version = new SerializedString(version.toString());
    this.fields = fields;
  }

  /// @param detail name of the field with the type's own details; a fault of ours if the event
  ///   record has none of this name
  public static EventJson of(String type, Optional<String> detail, Version version) {
    var selection = new FieldSelection(detail, version);
    var written = selection.ofEvent(EmailEvent.getClassSchema());
    return new EventJson(type, version, RecordWriter.of(written, selection::of));
  }

  /// The whole payload of Standard Webhooks.
  public byte[] standard(EmailEvent event) {
    return envelope(
        event,
        (out, each) -> {
          out.writeStartObject();
          out.writeFieldName(TYPE);
          out.writeString(type);
          out.writeFieldName(TIMESTAMP);
          writeTime(out, each.getOccurredAt());
          out.writeFieldName(DATA);
          writeData(out, each);
          out.writeEndObject();
        });
  }

  /// The data alone.
  public byte[] data(EmailEvent event) {
    return envelope(event, this::writeData);
  }

  /// The data in an envelope of the caller's.
  public byte[] envelope(EmailEvent event, Envelope envelope) {
    try (var bytes = new ByteArrayBuilder(USUAL_SIZE)) {
      try (var out = JSON.createGenerator(bytes, JsonEncoding.UTF8)) {
        envelope.write(out, event);
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
  }

  /// The object `data`, for use within an envelope.
  ///
  /// @throws IllegalStateException if the event is of another type
  public void writeData(JsonGenerator out, EmailEvent event) throws IOException {
    if (!type.getValue().equals(event.getType())) {
      throw new IllegalStateException(
          "an event of type " + event.getType() + " cannot be written as " + type);
    }
    out.writeStartObject();
    fields.writeFields(out, event);
    out.writeFieldName(SCHEMA_VERSION);
    out.writeString(version);
    out.writeEndObject();
  }

  public static void writeTime(JsonGenerator out, Instant time) throws IOException {
    var text = Timestamps.ascii(time);
    out.writeRawUTF8String(text, 0, text.length);
  }
}

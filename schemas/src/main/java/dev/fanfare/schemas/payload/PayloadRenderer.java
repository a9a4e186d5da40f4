package dev.fanfare.schemas.payload;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.fanfare.schemas.avro.EmailEvent;
import dev.fanfare.schemas.catalogue.SchemaVersion;
import dev.fanfare.schemas.json.EventJson;
import java.io.IOException;
import java.nio.ByteBuffer;

/// Renders an event once; the same bytes are then signed and sent at every attempt of every
/// delivery.
public final class PayloadRenderer {
  private PayloadRenderer() {}

  /// @param version of the event's own type; of another type it is a fault of ours
  public static Payload render(EmailEvent event, SchemaVersion version, PayloadFormat format) {
    var json = version.json();
    byte[] body =
        switch (format) {
          case PayloadFormat.Standard _ -> json.standard(event);
          case PayloadFormat.CloudEventsBinary _ -> json.data(event);
          case PayloadFormat.CloudEventsStructured _ ->
              json.envelope(event, (out, each) -> writeCloudEvent(out, each, json));
        };
    return new Payload(ByteBuffer.wrap(body), format.contentType());
  }

  /// CloudEvents JSON format 1.0.2 section 3; the attributes are those of [CloudEventsHeaders].
  private static void writeCloudEvent(JsonGenerator out, EmailEvent event, EventJson json)
      throws IOException {
    out.writeStartObject();
    out.writeStringField("specversion", CloudEventsHeaders.SPEC_VERSION);
    out.writeStringField("id", event.getEventId());
    out.writeStringField("source", CloudEventsHeaders.source(event.getTenant()));
    out.writeStringField("type", event.getType());
    out.writeStringField("subject", CloudEventsHeaders.attribute(event.getMessageId()));
    out.writeFieldName("time");
    EventJson.writeTime(out, event.getOccurredAt());
    out.writeStringField("datacontenttype", PayloadFormat.CLOUDEVENTS_BINARY.contentType());
    out.writeFieldName("data");
    json.writeData(out, event);
    out.writeEndObject();
  }
}

package dev.fanfare.dispatcher.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A log event as one line of JSON: `time`, `level`, `logger`, `thread`, `message`, the event's own
/// keys beside them (`delivery`, `event`, `trace` …) and, where something was thrown, `error` with
/// its stack. Named in `logback.xml`.
public final class JsonLines extends EncoderBase<ILoggingEvent> {
  private static final JsonFactory JSON = new JsonFactory();
  private static final byte[] NOTHING = {};

  @Override
  public byte[] headerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] footerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    var line = new StringWriter();
    try (var json = JSON.createGenerator(line)) {
      write(event, json);
    } catch (IOException e) {
      throw new UncheckedIOException("nothing is written but to memory", e);
    }
    return line.append('\n').toString().getBytes(UTF_8);
  }

  private static void write(ILoggingEvent event, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("time", event.getInstant().toString());
    json.writeStringField("level", event.getLevel().toString());
    json.writeStringField("logger", event.getLoggerName());
    json.writeStringField("thread", event.getThreadName());
    json.writeStringField("message", event.getFormattedMessage());
    var taken = new HashSet<>(Set.of("time", "level", "logger", "thread", "message", "error"));
    if (event.getKeyValuePairs() != null) {
      for (var pair : event.getKeyValuePairs()) {
        if (taken.add(pair.key)) {
          write(pair.key, pair.value, json);
        }
      }
    }
    for (var entry : event.getMDCPropertyMap().entrySet()) {
      if (taken.add(entry.getKey())) {
        json.writeStringField(entry.getKey(), entry.getValue());
      }
    }
    if (event.getThrowableProxy() != null) {
      json.writeStringField("error", ThrowableProxyUtil.asString(event.getThrowableProxy()));
    }
    json.writeEndObject();
  }

  private static void write(String key, @Nullable Object value, JsonGenerator json)
      throws IOException {
    switch (value) {
      case Integer number -> json.writeNumberField(key, number);
      case Long number -> json.writeNumberField(key, number);
      case Boolean flag -> json.writeBooleanField(key, flag);
      case null -> json.writeNullField(key);
      default -> json.writeStringField(key, value.toString());
    }
  }
}

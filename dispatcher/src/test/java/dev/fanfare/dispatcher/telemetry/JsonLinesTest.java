package dev.fanfare.dispatcher.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

class JsonLinesTest {
  private final LoggerContext logback = (LoggerContext) LoggerFactory.getILoggerFactory();

  private LoggingEvent event(String message, @Nullable Throwable thrown, Object... arguments) {
    var logger = logback.getLogger("dev.fanfare.Some");
    return new LoggingEvent("here", logger, Level.WARN, message, thrown, arguments);
  }

  private static JsonNode read(LoggingEvent event) throws IOException {
    var line = new String(new JsonLines().encode(event), UTF_8);
    assertThat(line).endsWith("\n").hasLineCount(1);
    return new ObjectMapper().readTree(line);
  }

  @Test
  void hasTheKeysOfTheEventBesideItsMessage() throws IOException {
    var event = event("attempt {}", null, "made");
    event.addKeyValuePair(new KeyValuePair("delivery", "dlv_1"));
    event.addKeyValuePair(new KeyValuePair("attempt", 3));

    var json = read(event);

    assertThat(json.path("message").asText()).isEqualTo("attempt made");
    assertThat(json.path("level").asText()).isEqualTo("WARN");
    assertThat(json.path("logger").asText()).isEqualTo("dev.fanfare.Some");
    assertThat(json.path("delivery").asText()).isEqualTo("dlv_1");
    assertThat(json.path("attempt").isInt()).isTrue();
    assertThat(json.path("time").asText()).matches("\\d{4}-\\d\\d-\\d\\dT.+Z");
    assertThat(json.has("error")).isFalse();
  }

  @Test
  void staysOneLineWhateverIsSaid() throws IOException {
    var json =
        read(event("one\ntwo \"three\" \u2028{}", new IllegalStateException("no\nway"), "\r"));

    assertThat(json.path("message").asText()).isEqualTo("one\ntwo \"three\" \u2028\r");
    assertThat(json.path("error").asText())
        .startsWith("java.lang.IllegalStateException: no\nway")
        .contains("JsonLinesTest");
  }

  @Test
  void letsNoKeyTakeTheMessagesPlace() throws IOException {
    var event = event("said", null);
    event.addKeyValuePair(new KeyValuePair("message", "forged"));

    assertThat(read(event).path("message").asText()).isEqualTo("said");
  }
}

package dev.fanfare.schemas.payload;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.fanfare.schemas.catalogue.EventCatalogue;
import java.net.URLDecoder;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CloudEventsHeadersTest {
  private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678Z");

  @Test
  void everyAttributeIsAHeader() {
    assertThat(CloudEventsHeaders.of("evt_1", "acme", "email.opened", TIME, "<msg 1>"))
        .containsExactly(
            entry("ce-specversion", "1.0"),
            entry("ce-id", "evt_1"),
            entry("ce-source", "/fanfare/acme"),
            entry("ce-type", "email.opened"),
            entry("ce-time", "2026-01-02T03:04:05.678Z"),
            entry("ce-subject", "<msg%201>"));
  }

  /// The example of HTTP binding 1.0.2 section 3.1.3.2.
  @Test
  void whatIsNotPrintableAsciiIsPercentEncoded() {
    assertThat(subject("Euro € 😀")).isEqualTo("Euro%20%E2%82%AC%20%F0%9F%98%80");
    assertThat(subject("100%\"")).isEqualTo("100%25%22");
  }

  @Test
  void nothingBreaksOutOfAHeader() {
    for (long seed = 0; seed < 500; seed++) {
      for (var type : EventCatalogue.standard().types()) {
        var event = RandomEvents.brokenSeeded(seed).of(type);

        var subject = subject(event.getMessageId());

        assertThat(subject).matches("[!-~]+");
        assertThat(URLDecoder.decode(subject.replace("+", "%2B"), UTF_8))
            .isEqualTo(CloudEventsHeaders.attribute(event.getMessageId()));
      }
    }
  }

  @Test
  void whatAnAttributeMayNotHoldIsReplaced() {
    assertThat(CloudEventsHeaders.attribute("a\r\nb\u0085c\ud800d\uffff")).isEqualTo("a��b�c�d�");
  }

  private static String subject(String messageId) {
    var headers = CloudEventsHeaders.of("evt_1", "acme", "email.opened", TIME, messageId);
    return String.valueOf(headers.get("ce-subject"));
  }
}

package dev.fanfare.schemas.payload;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fanfare.schemas.json.Timestamps;
import dev.fanfare.schemas.json.WellFormed;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/// The attributes of an event as header fields, for CloudEvents in HTTP binary mode (HTTP binding
/// 1.0.2 section 3.1.3).
public final class CloudEventsHeaders {
  static final String SPEC_VERSION = "1.0";

  private static final HexFormat HEX = HexFormat.of().withUpperCase();
  private static final char REPLACEMENT = '\uFFFD';

  private CloudEventsHeaders() {}

  /// Values are printable ASCII, whatever the event holds: everything else, and space, quote and
  /// percent, is percent-encoded (section 3.1.3.2), so nothing can break out of its header.
  public static Map<String, String> of(
      String eventId, String tenant, String type, Instant occurredAt, String messageId) {
    var headers = new LinkedHashMap<String, String>();
    headers.put("ce-specversion", SPEC_VERSION);
    headers.put("ce-id", encoded(eventId));
    headers.put("ce-source", encoded(source(tenant)));
    headers.put("ce-type", encoded(type));
    headers.put("ce-time", Timestamps.text(occurredAt));
    headers.put("ce-subject", encoded(attribute(messageId)));
    return headers;
  }

  /// The context that the event happened in, as a URI reference.
  static String source(String tenant) {
    return "/fanfare/" + tenant;
  }

  /// The text as the value of an attribute, which may hold no control characters, no half pairs and
  /// no noncharacters (CloudEvents 1.0.2, "Type System", String); each becomes U+FFFD.
  static String attribute(String text) {
    var good = new StringBuilder(text.length());
    WellFormed.text(text)
        .codePoints()
        .forEach(c -> good.appendCodePoint(isAllowed(c) ? c : REPLACEMENT));
    return good.toString();
  }

  private static boolean isAllowed(int c) {
    boolean nonCharacter = (c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF);
    return !Character.isISOControl(c) && !nonCharacter;
  }

  private static String encoded(String value) {
    var text = new StringBuilder(value.length());
    for (byte b : WellFormed.text(value).getBytes(UTF_8)) {
      char c = (char) (b & 0xFF);
      if (c > ' ' && c <= '~' && c != '"' && c != '%') {
        text.append(c);
      } else {
        HEX.toHexDigits(text.append('%'), b);
      }
    }
    return text.toString();
  }
}

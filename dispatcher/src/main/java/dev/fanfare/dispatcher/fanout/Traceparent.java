package dev.fanfare.dispatcher.fanout;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Headers;

/// Takes the trace context from a record's headers, as W3C Trace Context (section 3.2) writes it.
/// It goes out in a header of each POST, so what is not well formed is left behind.
final class Traceparent {
  static final String HEADER = "traceparent";

  private static final int LONGEST = 256;
  private static final int LENGTH_OF_00 = 55;

  /// Version, trace id, parent id, flags; versions above 00 may go on after a dash.
  private static final Pattern FORM =
      Pattern.compile(
          "(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-[!-~]*)?");

  private Traceparent() {}

  static Optional<String> of(Headers headers) {
    var header = headers.lastHeader(HEADER);
    if (header == null || header.value() == null || header.value().length > LONGEST) {
      return Optional.empty();
    }
    var text = new String(header.value(), US_ASCII);
    boolean good =
        FORM.matcher(text).matches() && (text.length() == LENGTH_OF_00 || !text.startsWith("00"));
    return good ? Optional.of(text) : Optional.empty();
  }
}

package dev.fanfare.dispatcher.egress;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Which header fields a subscription may add to its POSTs. Decides only.
///
/// Asked twice: when the subscription is made, with sentences for the person who makes it, and when
/// a POST is sent, where a field that should not be there is left out and ours stand.
public final class OwnHeaders {
  private static final int MOST = 32;
  private static final int LONGEST_NAME = 128;
  private static final int LONGEST_VALUE = 4096;
  private static final int MOST_CHARACTERS = 16_384;

  /// Ours; those that steer the connection (RFC 9110 §7.6.1); those that frame the message.
  private static final Set<String> NEVER =
      Set.of(
          "webhook-id",
          "webhook-timestamp",
          "webhook-signature",
          "webhook-attempt",
          "content-type",
          "user-agent",
          "traceparent",
          "tracestate",
          "host",
          "content-length",
          "content-encoding",
          "transfer-encoding",
          "accept-encoding",
          "connection",
          "keep-alive",
          "te",
          "trailer",
          "upgrade",
          "http2-settings",
          "expect",
          "range");

  /// `webhook-` and `ce-` belong to the formats, which may send more of them, e.g. `ce-type` and
  /// `webhook-request-origin`; a subscription may not.
  private static final List<String> FORMAT_PREFIXES = List.of("webhook-", "ce-");

  private static final String PROXY_PREFIX = "proxy-";

  private OwnHeaders() {}

  /// What is wrong with the header fields someone wants on every POST; empty if nothing is. Values
  /// are not repeated.
  public static List<String> problems(Map<String, String> headers) {
    if (headers.size() > MOST) {
      return List.of("headers must not be more than " + MOST);
    }
    var problems = new ArrayList<String>();
    var seen = new TreeSet<String>();
    int characters = 0;
    for (var header : headers.entrySet()) {
      var name = header.getKey();
      characters += name.length() + header.getValue().length();
      if (!isName(name)) {
        problems.add("a header name has 1 to 128 characters of those RFC 9110 allows");
        continue;
      }
      var lower = name.toLowerCase(Locale.ROOT);
      if (!seen.add(lower)) {
        problems.add("header '" + lower + "' is given twice");
      }
      if (isReserved(lower) || FORMAT_PREFIXES.stream().anyMatch(lower::startsWith)) {
        problems.add("header '" + lower + "' is set by the dispatcher or steers the connection");
      }
      if (!isValue(header.getValue())) {
        problems.add(
            "the value of header '"
                + lower
                + "' must be printable ASCII, without spaces at its ends, at most "
                + LONGEST_VALUE
                + " characters");
      }
    }
    if (characters > MOST_CHARACTERS) {
      problems.add("headers must not have more than " + MOST_CHARACTERS + " characters in all");
    }
    return List.copyOf(problems);
  }

  /// Whether the field may go out beside ours.
  static boolean maySend(String name, String value) {
    return isName(name) && isValue(value) && !isReserved(name.toLowerCase(Locale.ROOT));
  }

  /// Whether no subscription can have set a field of this name, which is in lower case.
  static boolean isOurs(String lower) {
    return NEVER.contains(lower) || FORMAT_PREFIXES.stream().anyMatch(lower::startsWith);
  }

  private static boolean isReserved(String lower) {
    return NEVER.contains(lower) || lower.startsWith(PROXY_PREFIX);
  }

  private static boolean isName(String name) {
    if (name.isEmpty() || name.length() > LONGEST_NAME) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean token =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
      if (!token) {
        return false;
      }
    }
    return true;
  }

  static boolean isValue(String value) {
    if (value.length() > LONGEST_VALUE || !value.equals(value.strip())) {
      return false;
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c != '\t' && (c < 0x20 || c > 0x7e)) {
        return false;
      }
    }
    return true;
  }
}

package dev.fanfare.dispatcher.ingest.adapter;

import java.util.regex.Pattern;

/// What a mail server answered, as far as it is told: providers say it in fields, in a text, or in
/// both.
///
/// @param code empty for none
/// @param enhanced as `5.1.1`; empty for none
/// @param text as received; empty for none
record SmtpReply(String code, String enhanced, String text) {
  private static final Pattern CODE = Pattern.compile("(?:^|;\\s*)([245]\\d\\d)(?=[\\s-]|$)");
  private static final Pattern ENHANCED =
      Pattern.compile("(?<![\\d.])([245]\\.\\d{1,3}\\.\\d{1,3})(?![\\d.])");
  private static final int LOOKED_AT = 4_096;

  /// What the fields don't say is looked for in the text.
  static SmtpReply of(String code, String enhanced, String text) {
    var head = text.substring(0, Math.min(text.length(), LOOKED_AT));
    var ownCode = code.matches("[245]\\d\\d") ? code : found(CODE, head);
    var ownEnhanced =
        enhanced.matches("[245]\\.\\d{1,3}\\.\\d{1,3}") ? enhanced : found(ENHANCED, head);
    return new SmtpReply(ownCode, ownEnhanced, text);
  }

  static SmtpReply of(String text) {
    return of("", "", text);
  }

  private static String found(Pattern pattern, String text) {
    var matcher = pattern.matcher(text);
    return matcher.find() ? matcher.group(1) : "";
  }

  Draft into(Draft detail) {
    if (!code.isEmpty()) {
      detail.whole("smtp_code", Integer.parseInt(code));
    }
    return detail.text("enhanced_code", enhanced).text("response", text);
  }

  /// Whether it may go better another time.
  boolean isTransient() {
    return enhanced.isEmpty() ? code.startsWith("4") : enhanced.startsWith("4");
  }
}

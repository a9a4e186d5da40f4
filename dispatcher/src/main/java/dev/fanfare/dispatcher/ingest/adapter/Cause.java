package dev.fanfare.dispatcher.ingest.adapter;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Why a mail was refused or put off, in the words of the event's `category`. A provider's own
/// class counts first, then the enhanced code (RFC 3463), then what the text says.
final class Cause {
  private static final String UNCLASSIFIED = "unclassified";

  /// Subject and detail of an enhanced code.
  private static final Map<String, String> BY_CODE =
      Map.ofEntries(
          Map.entry("1.0", "invalid_address"),
          Map.entry("1.1", "invalid_address"),
          Map.entry("1.2", "dns_or_routing"),
          Map.entry("1.3", "invalid_address"),
          Map.entry("1.6", "invalid_address"),
          Map.entry("1.10", "invalid_address"),
          Map.entry("2.0", "mailbox_unavailable"),
          Map.entry("2.1", "mailbox_unavailable"),
          Map.entry("2.2", "mailbox_full"),
          Map.entry("2.3", "message_too_large"),
          Map.entry("3.1", "mailbox_full"),
          Map.entry("3.4", "message_too_large"),
          Map.entry("4.1", "timeout"),
          Map.entry("4.2", "timeout"),
          Map.entry("4.3", "dns_or_routing"),
          Map.entry("4.4", "dns_or_routing"),
          Map.entry("4.6", "dns_or_routing"),
          Map.entry("4.7", "timeout"),
          Map.entry("6.0", "content_rejected"),
          Map.entry("7.8", "relay_or_auth"),
          Map.entry("7.20", "policy_dmarc"),
          Map.entry("7.23", "policy_dmarc"),
          Map.entry("7.25", "policy_dmarc"),
          Map.entry("7.26", "policy_dmarc"),
          Map.entry("7.28", "rate_limited"));

  private Cause() {}

  /// @param known the class as the provider names it, in our words
  static String category(Optional<String> known, SmtpReply reply) {
    return known
        .filter(it -> !it.equals(UNCLASSIFIED))
        .orElseGet(() -> reply.enhanced().isEmpty() ? byText(reply) : byCode(reply));
  }

  static String category(SmtpReply reply) {
    return category(Optional.empty(), reply);
  }

  private static String byCode(SmtpReply reply) {
    var detail = reply.enhanced().substring(2);
    var category = BY_CODE.get(detail);
    return category == null ? byText(reply) : category;
  }

  private static String byText(SmtpReply reply) {
    var text = reply.text().toLowerCase(Locale.ROOT);
    if (text.contains("dmarc") || text.contains("unauthenticated")) {
      return "policy_dmarc";
    }
    if (text.contains("rate limit") || text.contains("too many") || text.contains("greylist")) {
      return "rate_limited";
    }
    if (text.contains("blocklist") || text.contains("blacklist") || text.contains("reputation")) {
      return "reputation_block";
    }
    if (text.contains("spam")) {
      return "spam_block";
    }
    if (text.contains("relay")) {
      return "relay_or_auth";
    }
    return UNCLASSIFIED;
  }
}

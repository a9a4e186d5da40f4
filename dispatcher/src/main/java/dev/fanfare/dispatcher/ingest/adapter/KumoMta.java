package dev.fanfare.dispatcher.ingest.adapter;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// KumoMTA's log records, as a log hook posts them: one, a list, or one a line. The recipient is a
/// text or a list. Records have no ids; a mail's id and what happened to it when make one.
final class KumoMta implements Adapter {
  private static final String NAME = "kumomta";

  /// Classes of the classifier's own rules, in lower case.
  private static final Map<String, String> CATEGORIES =
      Map.ofEntries(
          Map.entry("invalidrecipient", "invalid_address"),
          Map.entry("baddomain", "dns_or_routing"),
          Map.entry("inactivemailbox", "mailbox_unavailable"),
          Map.entry("quotaissues", "mailbox_full"),
          Map.entry("dnsfailure", "dns_or_routing"),
          Map.entry("routingerrors", "dns_or_routing"),
          Map.entry("noanswerfromhost", "timeout"),
          Map.entry("badconnection", "timeout"),
          Map.entry("messageexpired", "timeout"),
          Map.entry("spamblock", "spam_block"),
          Map.entry("spamcontent", "content_rejected"),
          Map.entry("contentrelated", "content_rejected"),
          Map.entry("virusdetected", "content_rejected"),
          Map.entry("prohibitedattachment", "attachment_rejected"),
          Map.entry("policyrelated", "reputation_block"),
          Map.entry("relaydenied", "relay_or_auth"),
          Map.entry("relayingdenied", "relay_or_auth"),
          Map.entry("authenticationfailed", "policy_dmarc"),
          Map.entry("ratelimited", "rate_limited"));

  private static final Set<String> NO_ATTEMPT =
      Set.of("Expiration", "AdminBounce", "Delayed", "Delay");

  @Override
  public void translate(JsonNode report, String deliveryId, Translation into) {
    var kind = Fields.text(report, "type");
    switch (kind) {
      case "Reception" -> each(report, "email.queued", "submission", into);
      case "Delivery" -> each(report, "email.delivered", "delivery", into);
      case "TransientFailure", "Delayed", "Delay" ->
          each(report, "email.deferred", "deferral", into);
      case "Bounce", "OOB" -> each(report, "email.bounced", "bounce", into);
      // Given up by the platform: after its last try, or because somebody said so.
      case "Expiration", "AdminBounce" -> each(report, "email.bounced", "bounce", into);
      case "Rejection" -> each(report, "email.dropped", "drop", into);
      case "Feedback" -> each(report, "email.complained", "complaint", into);
      default -> into.skip(kind);
    }
  }

  private static void each(JsonNode report, String type, String detail, Translation into) {
    for (var recipient : recipients(report)) {
      into.add(draft(report, type, recipient).detail(detail, it -> fill(it, detail, report)));
    }
  }

  /// A report about a mail goes to the mailbox for reports; whom it is about stands inside.
  private static List<String> recipients(JsonNode report) {
    var feedback = report.path("feedback_report");
    var traced = Fields.text(feedback.path("supplemental_trace"), "recipient");
    var original = Fields.texts(feedback.path("original_rcpt_to"));
    if (!traced.isEmpty()) {
      return List.of(traced);
    }
    if (!original.isEmpty()) {
      return original;
    }
    var recipients = Fields.texts(report.path("recipient"));
    return recipients.isEmpty() ? List.of("") : recipients;
  }

  private static Draft draft(JsonNode report, String type, String recipient) {
    var headers = report.path("headers");
    var queue = Fields.text(report, "queue");
    var eventId =
        EventIds.derived(
            NAME,
            Fields.text(report, "type"),
            Fields.text(report, "id"),
            Fields.text(report, "nodeid"),
            Fields.text(report, "timestamp"),
            Fields.text(report, "event_time"),
            Fields.text(report, "num_attempts"),
            recipient);
    return Draft.of(NAME, type, eventId)
        .text("occurred_at", occurredAt(report))
        .text("message_id", Fields.first(Fields.text(report, "id"), eventId))
        .text("rfc_message_id", Fields.messageId(header(headers, "message-id")))
        .address("recipient", recipient)
        .address("sender", Fields.first(header(headers, "from"), Fields.text(report, "sender")))
        .text("subject", header(headers, "subject"))
        .text("campaign", campaign(queue))
        .metadata(report.path("meta"));
  }

  private static String occurredAt(JsonNode report) {
    return Fields.first(
        Fields.time(report.path("event_time")),
        Fields.seconds(report.path("event_time")),
        Fields.seconds(report.path("timestamp")));
  }

  /// A queue is called `campaign:tenant@domain`; the first two may be missing.
  private static String campaign(String queue) {
    int colon = queue.indexOf(':');
    int at = queue.indexOf('@');
    return colon > 0 && colon < at ? queue.substring(0, colon) : "";
  }

  private static String header(JsonNode headers, String name) {
    for (var header : headers.properties()) {
      if (header.getKey().equalsIgnoreCase(name)) {
        return Fields.text(header.getValue());
      }
    }
    return "";
  }

  private static Draft fill(Draft detail, String name, JsonNode report) {
    var reply = reply(report);
    return switch (name) {
      case "submission" ->
          detail.whole("size_bytes", report.path("size")).text("injected_via", via(report));
      case "delivery" -> session(detail, reply, report);
      case "deferral" ->
          session(detail, reply, report).text("category", Cause.category(known(report), reply));
      case "bounce" -> bounce(session(detail, reply, report), reply, report);
      case "drop" -> detail.text("reason", "policy");
      case "complaint" -> complaint(detail, report.path("feedback_report"));
      default -> throw new IllegalStateException("no detail is called " + name);
    };
  }

  private static String via(JsonNode report) {
    return switch (Fields.text(report, "reception_protocol")) {
      case "HTTP" -> "api";
      case "ESMTP", "SMTP" -> "smtp";
      default -> "";
    };
  }

  private static SmtpReply reply(JsonNode report) {
    var response = report.path("response");
    var code = response.path("enhanced_code");
    var enhanced =
        code.isObject()
            ? Fields.text(code, "class")
                + "."
                + Fields.text(code, "subject")
                + "."
                + Fields.text(code, "detail")
            : "";
    return SmtpReply.of(Fields.text(response, "code"), enhanced, Fields.text(response, "content"));
  }

  private static Draft session(Draft detail, SmtpReply reply, JsonNode report) {
    reply
        .into(detail)
        .text("mx_host", Fields.text(report.path("peer_address"), "name").replaceFirst("\\.$", ""))
        .text("remote_ip", report.path("peer_address").path("addr"))
        .text("sending_ip", ip(Fields.text(report.path("source_address"), "address")))
        .text("ip_pool", report.path("egress_pool"))
        .text("tls_version", report.path("tls_protocol_version"));
    var attempts = Fields.text(report, "num_attempts");
    if (attempts.matches("\\d{1,6}")) {
      // It counts those before; giving up or being put off is none.
      long own = NO_ATTEMPT.contains(Fields.text(report, "type")) ? 0 : 1;
      long attempt = Long.parseLong(attempts) + own;
      if (attempt > 0) {
        detail.whole("attempt", attempt);
      }
    }
    var created = Fields.text(report, "created");
    var at = Fields.text(report, "timestamp");
    if (created.matches("\\d{1,12}") && at.matches("\\d{1,12}")) {
      detail.whole(
          "queue_time_ms", Math.max(0, Long.parseLong(at) - Long.parseLong(created)) * 1_000);
    }
    return detail;
  }

  /// Without the port, and an IPv6 address without its brackets.
  private static String ip(String address) {
    return address.replaceFirst(":\\d+$", "").replaceAll("[\\[\\]]", "");
  }

  private static Optional<String> known(JsonNode report) {
    var name = Fields.text(report, "bounce_classification").toLowerCase(Locale.ROOT);
    return Optional.ofNullable(CATEGORIES.get(name));
  }

  private static Draft bounce(Draft detail, SmtpReply reply, JsonNode report) {
    var type = Fields.text(report, "type");
    var classification = Fields.text(report, "bounce_classification");
    return detail
        .text(
            "kind",
            switch (type) {
              case "Expiration" -> "soft";
              case "AdminBounce" -> "undetermined";
              default -> reply.isTransient() ? "soft" : "hard";
            })
        .text("category", Cause.category(known(report), reply))
        .text(
            "subtype",
            switch (type) {
              case "Expiration", "AdminBounce" -> type;
              default -> classification.equals("Uncategorized") ? "" : classification;
            })
        .flag("asynchronous", type.equals("OOB"));
  }

  private static Draft complaint(Draft detail, JsonNode feedback) {
    return detail
        .text("feedback_type", feedback.path("feedback_type"))
        .text("reporting_mta", feedback.path("reporting_mta").path("name"))
        .text("source_ip", feedback.path("source_ip"))
        .text("arrived_at", Fields.time(feedback.path("arrival_date")))
        .address("original_mail_from", Fields.text(feedback, "original_mail_from"));
  }
}

package dev.fanfare.dispatcher.ingest.adapter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Postmark's webhooks. Only bounces and complaints have an id of their own, so for the others one
/// is derived from what tells them apart. An inbound mail is told by its fields, not by a record
/// type.
final class Postmark implements Adapter {
  private static final String NAME = "postmark";

  private static final Map<String, String> CATEGORIES =
      Map.ofEntries(
          Map.entry("BadEmailAddress", "invalid_address"),
          Map.entry("AddressChange", "invalid_address"),
          Map.entry("DnsError", "dns_or_routing"),
          Map.entry("SpamNotification", "spam_block"),
          Map.entry("VirusNotification", "content_rejected"),
          Map.entry("OpenRelayTest", "relay_or_auth"),
          Map.entry("DMARCPolicy", "policy_dmarc"),
          Map.entry("Blocked", "reputation_block"),
          Map.entry("ChallengeVerification", "challenge"),
          Map.entry("AutoResponder", "auto_reply"));

  @Override
  public void translate(JsonNode report, String deliveryId, Translation into) {
    var kind = Fields.text(report, "RecordType");
    switch (kind) {
      case "Delivery" -> into.add(delivered(report));
      case "Bounce" -> bounce(report, into);
      case "SpamComplaint" -> into.add(complained(report));
      case "Open" -> into.add(opened(report));
      case "Click" -> into.add(clicked(report));
      case "SubscriptionChange" -> into.add(subscription(report));
      case "", "Inbound" -> inbound(report, kind, into);
      default -> into.skip(kind);
    }
  }

  private static Draft draft(JsonNode report, String type, String time) {
    var recipient = Fields.first(Fields.text(report, "Recipient"), Fields.text(report, "Email"));
    // Ids of bounces are numbers of one server, so they are derived from as well.
    var eventId =
        EventIds.derived(
            NAME,
            type,
            Fields.text(report, "ServerID"),
            Fields.text(report, "ID"),
            Fields.text(report, "MessageID"),
            recipient,
            time,
            Fields.text(report, "OriginalLink"));
    var draft =
        Draft.of(NAME, type, eventId)
            .text("occurred_at", time)
            .text("message_id", Fields.first(Fields.text(report, "MessageID"), eventId))
            .address("recipient", recipient)
            .address("sender", Fields.text(report, "From"))
            .text("subject", report.path("Subject"))
            .text("stream", report.path("MessageStream"));
    return draft.texts("tags", Fields.texts(report.path("Tag"))).metadata(report.path("Metadata"));
  }

  private static Draft delivered(JsonNode report) {
    return draft(report, "email.delivered", Fields.time(report.path("DeliveredAt")))
        .detail("delivery", it -> SmtpReply.of(Fields.text(report, "Details")).into(it));
  }

  private static void bounce(JsonNode report, Translation into) {
    var time = Fields.time(report.path("BouncedAt"));
    var type = Fields.text(report, "Type");
    switch (type) {
      case "Transient", "DnsError" ->
          into.add(
              draft(report, "email.deferred", time)
                  .detail(
                      "deferral",
                      it -> reply(report).into(it).text("category", category(type, report))));
      case "AutoResponder", "ChallengeVerification" ->
          into.add(
              draft(report, "email.auto_replied", time)
                  .detail(
                      "auto_reply",
                      it ->
                          it.text(
                              "kind",
                              type.equals("AutoResponder") ? "autoresponder" : "challenge")));
      case "Unsubscribe" ->
          into.add(
              draft(report, "email.unsubscribed", time)
                  .detail("unsubscribe", it -> it.text("scope", "list").text("method", "mailto")));
      case "Subscribe" ->
          into.add(
              draft(report, "email.resubscribed", time)
                  .detail("unsubscribe", it -> it.text("scope", "list").text("method", "mailto")));
      case "SpamComplaint" -> into.add(complained(report));
      case "ManuallyDeactivated", "TemplateRenderingFailed", "SMTPApiError" ->
          into.add(
              draft(report, "email.dropped", time)
                  .detail("drop", it -> it.text("reason", dropReason(type))));
      default -> into.add(bounced(report, type, time));
    }
  }

  private static Draft bounced(JsonNode report, String type, String time) {
    return draft(report, "email.bounced", time)
        .detail(
            "bounce",
            it ->
                reply(report)
                    .into(it)
                    .text("kind", bounceKind(type))
                    .text("category", category(type, report))
                    .text("subtype", type)
                    .flag("suppressed", report.path("Inactive")));
  }

  private static SmtpReply reply(JsonNode report) {
    return SmtpReply.of(
        Fields.first(Fields.text(report, "Details"), Fields.text(report, "Description")));
  }

  private static String category(String type, JsonNode report) {
    return Cause.category(Optional.ofNullable(CATEGORIES.get(type)), reply(report));
  }

  private static String bounceKind(String type) {
    return switch (type) {
      case "HardBounce", "BadEmailAddress" -> "hard";
      case "SoftBounce", "AddressChange" -> "soft";
      case "Blocked", "SpamNotification", "DMARCPolicy", "VirusNotification" -> "block";
      default -> "undetermined";
    };
  }

  private static String dropReason(String type) {
    return switch (type) {
      case "TemplateRenderingFailed" -> "template_error";
      case "SMTPApiError" -> "invalid";
      default -> "policy";
    };
  }

  private static Draft complained(JsonNode report) {
    return draft(report, "email.complained", Fields.time(report.path("BouncedAt")))
        .detail("complaint", it -> it.text("feedback_type", "abuse"));
  }

  private static Draft opened(JsonNode report) {
    return draft(report, "email.opened", Fields.time(report.path("ReceivedAt")))
        .detail("open", it -> client(it, report).flag("first", report.path("FirstOpen")));
  }

  private static Draft clicked(JsonNode report) {
    return draft(report, "email.clicked", Fields.time(report.path("ReceivedAt")))
        .detail("click", it -> client(it, report).text("url", report.path("OriginalLink")));
  }

  private static Draft client(Draft detail, JsonNode report) {
    return detail
        .text("ip", report.path("Geo").path("IP"))
        .text("user_agent", report.path("UserAgent"))
        .text("client", report.path("Client").path("Name"))
        .text("os", report.path("OS").path("Name"))
        .text("device", device(Fields.text(report, "Platform")))
        .text("country", report.path("Geo").path("CountryISOCode"));
  }

  private static String device(String platform) {
    return switch (platform) {
      case "Desktop" -> "desktop";
      case "Mobile" -> "mobile";
      case "" -> "";
      default -> "other";
    };
  }

  /// Who asked not to be written to any more unsubscribed; whom Postmark shut out for a bounce or a
  /// complaint did not ask, and is on the suppression list.
  private static Draft subscription(JsonNode report) {
    var time = Fields.time(report.path("ChangedAt"));
    var reason = Fields.text(report, "SuppressionReason");
    var origin = Fields.text(report, "Origin");
    if (reason.equals("HardBounce") || reason.equals("SpamComplaint")) {
      var added = report.path("SuppressSending").asBoolean();
      return draft(report, added ? "suppression.added" : "suppression.removed", time)
          .detail(
              "suppression",
              it ->
                  it.text("reason", reason.equals("HardBounce") ? "bounce" : "complaint")
                      .text("source", origin));
    }
    var type =
        report.path("SuppressSending").asBoolean() ? "email.unsubscribed" : "email.resubscribed";
    return draft(report, type, time)
        .detail(
            "unsubscribe",
            it ->
                it.text("scope", "list")
                    .text("list_id", report.path("MessageStream"))
                    .text("method", origin.equals("Recipient") ? "link" : "manual"));
  }

  private static void inbound(JsonNode report, String kind, Translation into) {
    if (!report.has("FromFull") && !report.has("OriginalRecipient")) {
      into.skip(kind);
      return;
    }
    var recipient =
        Fields.first(
            Fields.text(report, "OriginalRecipient"),
            Fields.text(report.path("ToFull").path(0), "Email"),
            Fields.text(report, "To"));
    var eventId =
        EventIds.derived(NAME, "email.received", Fields.text(report, "MessageID"), recipient);
    into.add(
        Draft.of(NAME, "email.received", eventId)
            .text("message_id", Fields.first(Fields.text(report, "MessageID"), eventId))
            .text("rfc_message_id", Fields.messageId(header(report, "Message-ID")))
            .address("recipient", recipient)
            .address("inbox", recipient)
            .address("sender", Fields.text(report.path("FromFull"), "Email"))
            .text("subject", report.path("Subject"))
            .text("stream", report.path("MessageStream"))
            .texts("tags", Fields.texts(report.path("Tag")))
            .detail("inbound", it -> mail(it, report)));
  }

  private static Draft mail(Draft detail, JsonNode report) {
    detail
        .text("from", report.path("From"))
        .texts("to", report.path("ToFull").findValuesAsText("Email"))
        .texts("cc", report.path("CcFull").findValuesAsText("Email"))
        .text("spf", firstWord(header(report, "Received-SPF")));
    detail.decimal("spam_score", TextNode.valueOf(header(report, "X-Spam-Score")));
    int index = 0;
    for (var attachment : report.path("Attachments")) {
      var id = Fields.first(Fields.text(attachment, "ContentID"), "attachment-" + index++);
      detail.item(
          "attachments",
          it ->
              it.text("id", id)
                  .text("filename", attachment.path("Name"))
                  .text("content_type", attachment.path("ContentType"))
                  .whole("size_bytes", attachment.path("ContentLength")));
    }
    return detail;
  }

  private static String header(JsonNode report, String name) {
    for (var header : report.path("Headers")) {
      if (Fields.text(header, "Name").equalsIgnoreCase(name)) {
        return Fields.text(header, "Value");
      }
    }
    return "";
  }

  private static String firstWord(String text) {
    return text.strip().split("[\\s(]", 2)[0].toLowerCase(Locale.ROOT);
  }
}

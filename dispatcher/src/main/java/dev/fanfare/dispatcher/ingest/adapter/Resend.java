package dev.fanfare.dispatcher.ingest.adapter;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Resend's webhooks, which Svix sends: the id of the request is the event's. `to` is a list, and
/// one event is made for each in it. Tags are an object, or a list of names and values.
final class Resend implements Adapter {
  private static final String NAME = "resend";

  @Override
  public void translate(JsonNode report, String deliveryId, Translation into) {
    var kind = Fields.text(report, "type");
    switch (kind) {
      case "email.scheduled" -> each(report, deliveryId, "email.queued", "submission", into);
      case "email.sent" -> each(report, deliveryId, "email.sent", "submission", into);
      case "email.delivered" -> each(report, deliveryId, "email.delivered", "delivery", into);
      case "email.delivery_delayed" -> each(report, deliveryId, "email.deferred", "deferral", into);
      case "email.bounced" -> each(report, deliveryId, "email.bounced", "bounce", into);
      case "email.failed", "email.suppressed" ->
          each(report, deliveryId, "email.dropped", "drop", into);
      case "email.opened" -> each(report, deliveryId, "email.opened", "open", into);
      case "email.clicked" -> each(report, deliveryId, "email.clicked", "click", into);
      case "email.complained" -> each(report, deliveryId, "email.complained", "complaint", into);
      case "email.received" -> each(report, deliveryId, "email.received", "inbound", into);
      case "contact.updated" -> contact(report, deliveryId, into);
      default -> into.skip(kind);
    }
  }

  private static void each(
      JsonNode report, String deliveryId, String type, String detail, Translation into) {
    var recipients = Fields.texts(report.path("data").path("to"));
    for (var recipient : recipients) {
      var event =
          draft(report, eventId(report, deliveryId, recipients, recipient), type, recipient)
              .detail(detail, it -> fill(it, detail, report));
      if (type.equals("email.received")) {
        event.address("inbox", recipient);
      }
      into.add(event);
    }
  }

  private static String eventId(
      JsonNode report, String deliveryId, List<String> recipients, String recipient) {
    if (deliveryId.isEmpty()) {
      return EventIds.derived(
          NAME,
          Fields.text(report, "type"),
          Fields.text(report.path("data"), "email_id"),
          Fields.text(report, "created_at"),
          recipient);
    }
    return recipients.size() == 1
        ? EventIds.of(NAME, deliveryId)
        : EventIds.derived(NAME, deliveryId, recipient);
  }

  private static Draft draft(JsonNode report, String eventId, String type, String recipient) {
    var data = report.path("data");
    var draft =
        Draft.of(NAME, type, eventId)
            .text("occurred_at", occurredAt(report))
            .text(
                "message_id",
                Fields.first(Fields.text(data, "email_id"), Fields.text(data, "id"), eventId))
            .text("rfc_message_id", Fields.messageId(Fields.text(data, "message_id")))
            .address("recipient", recipient)
            .address("sender", Fields.text(data, "from"))
            .text("subject", data.path("subject"))
            .text("campaign", data.path("broadcast_id"))
            .text("stream", data.has("broadcast_id") ? "broadcast" : "");
    if (data.path("tags").isArray()) {
      for (var tag : data.path("tags")) {
        draft.entry(Fields.text(tag, "name"), tag.path("value"));
      }
      return draft;
    }
    return draft.metadata(data.path("tags"));
  }

  /// Opens and clicks carry their own time; `created_at` outside is the event's, inside the mail's.
  private static String occurredAt(JsonNode report) {
    var data = report.path("data");
    return Fields.first(
        Fields.time(data.path("click").path("timestamp")),
        Fields.time(data.path("open").path("timestamp")),
        Fields.time(report.path("created_at")),
        Fields.time(data.path("created_at")));
  }

  private static Draft fill(Draft detail, String name, JsonNode report) {
    var data = report.path("data");
    return switch (name) {
      case "bounce" -> bounce(detail, data.path("bounce"));
      case "drop" -> detail.text("reason", dropReason(report));
      case "open", "click" ->
          detail
              .text("ip", data.path(name).path("ipAddress"))
              .text("user_agent", data.path(name).path("userAgent"))
              .text("url", data.path(name).path("link"));
      case "inbound" -> inbound(detail, data);
      default -> detail;
    };
  }

  private static Draft bounce(Draft detail, JsonNode bounce) {
    var diagnosis = String.join(" ", Fields.texts(bounce.path("diagnosticCode")));
    var reply = SmtpReply.of(Fields.first(diagnosis, Fields.text(bounce, "message")));
    var subtype = Fields.text(bounce, "subType");
    return reply
        .into(detail)
        .text(
            "kind",
            switch (Fields.text(bounce, "type")) {
              case "Permanent" -> "hard";
              case "Transient", "Temporary" -> "soft";
              default -> "undetermined";
            })
        .text("category", Cause.category(cause(subtype), reply))
        .text("subtype", subtype)
        .flag("suppressed", subtype.contains("Suppress"));
  }

  private static Optional<String> cause(String subtype) {
    return switch (subtype) {
      case "NoEmail" -> Optional.of("invalid_address");
      case "MailboxFull" -> Optional.of("mailbox_full");
      case "MessageTooLarge" -> Optional.of("message_too_large");
      case "ContentRejected" -> Optional.of("content_rejected");
      case "AttachmentRejected" -> Optional.of("attachment_rejected");
      default -> Optional.empty();
    };
  }

  private static String dropReason(JsonNode report) {
    if (Fields.text(report, "type").equals("email.suppressed")) {
      var type = Fields.text(report.path("data").path("suppressed"), "type");
      return type.toLowerCase(Locale.ROOT).contains("complaint")
          ? "suppressed_complaint"
          : "suppressed_bounce";
    }
    var reason = Fields.text(report.path("data").path("failed"), "reason");
    return reason.contains("quota") ? "quota" : "invalid";
  }

  private static Draft inbound(Draft detail, JsonNode data) {
    detail
        .text("from", data.path("from"))
        .texts("to", Fields.texts(data.path("to")))
        .texts("cc", Fields.texts(data.path("cc")));
    for (var attachment : data.path("attachments")) {
      detail.item(
          "attachments",
          it ->
              it.text("id", attachment.path("id"))
                  .text("filename", attachment.path("filename"))
                  .text("content_type", attachment.path("content_type"))
                  .whole("size_bytes", attachment.path("size")));
    }
    return detail;
  }

  /// Resend tells how a contact is, not what changed about it: the state is what is reported.
  private static void contact(JsonNode report, String deliveryId, Translation into) {
    var contact = report.path("data");
    if (!contact.path("unsubscribed").isBoolean()) {
      into.skip("contact.updated");
      return;
    }
    var type =
        contact.path("unsubscribed").asBoolean() ? "email.unsubscribed" : "email.resubscribed";
    var recipient = Fields.text(contact, "email");
    var list =
        Fields.first(
            Fields.text(contact, "audience_id"), Fields.text(contact.path("segment_ids").path(0)));
    into.add(
        draft(report, eventId(report, deliveryId, List.of(recipient), recipient), type, recipient)
            .detail(
                "unsubscribe",
                it -> it.text("scope", list.isEmpty() ? "global" : "list").text("list_id", list)));
  }
}

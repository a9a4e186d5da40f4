package dev.fanfare.dispatcher.ingest.adapter;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What Amazon SES publishes to a topic, taken out of its SNS envelope: event publishing
/// (`eventType`), the older notifications and mail that came in (`notificationType`).
///
/// SES gives no event ids. Opens and clicks name the mail and not the recipient: with several
/// recipients there is still one open, so there is one event, for the first, that says among whom
/// the person is.
final class Ses implements Adapter {
  private static final String NAME = "ses";

  @Override
  public void translate(JsonNode report, String deliveryId, Translation into) {
    var kind =
        Fields.first(Fields.text(report, "eventType"), Fields.text(report, "notificationType"));
    switch (kind) {
      case "Send" -> each(report, "email.queued", "send", destinations(report), into);
      case "Delivery" -> delivered(report, into);
      case "DeliveryDelay" -> delayed(report, into);
      case "Bounce" -> bounced(report, into);
      case "Complaint" -> complained(report, into);
      case "Reject" -> dropped(report, "reject", "policy", into);
      case "Rendering Failure" -> dropped(report, "failure", "template_error", into);
      case "Open" -> engaged(report, "email.opened", "open", into);
      case "Click" -> engaged(report, "email.clicked", "click", into);
      case "Subscription" -> subscription(report, into);
      case "Received" -> received(report, into);
      default -> into.skip(kind);
    }
  }

  private static List<String> destinations(JsonNode report) {
    return Fields.texts(report.path("mail").path("destination"));
  }

  private static void each(
      JsonNode report, String type, String part, List<String> recipients, Translation into) {
    for (var recipient : recipients) {
      into.add(draft(report, type, part, recipient).detail("submission", it -> it));
    }
  }

  private static Draft draft(JsonNode report, String type, String part, String recipient) {
    var mail = report.path("mail");
    var headers = mail.path("commonHeaders");
    var time =
        Fields.first(
            Fields.time(report.path(part).path("timestamp")), Fields.time(mail.path("timestamp")));
    var messageId = Fields.text(mail, "messageId");
    var eventId =
        EventIds.derived(
            NAME,
            type,
            part,
            messageId,
            recipient,
            time,
            Fields.text(report.path(part), "feedbackId"),
            Fields.text(report.path(part), "link"));
    var draft =
        Draft.of(NAME, type, eventId)
            .text("occurred_at", time)
            .text("message_id", messageId)
            .text("rfc_message_id", Fields.messageId(Fields.text(headers, "messageId")))
            .address("recipient", recipient)
            .address(
                "sender",
                Fields.first(
                    Fields.text(headers.path("from").path(0)), Fields.text(mail, "source")))
            .text("subject", headers.path("subject"))
            .text("stream", mail.path("tags").path("ses:configuration-set").path(0));
    // A tag has a list of values, nearly always of one. Those that SES adds say nothing of the
    // mail.
    for (var tag : mail.path("tags").properties()) {
      if (!tag.getKey().startsWith("ses:")) {
        draft.entry(tag.getKey(), String.join(",", Fields.texts(tag.getValue())));
      }
    }
    return draft;
  }

  private static void delivered(JsonNode report, Translation into) {
    var delivery = report.path("delivery");
    for (var recipient : Fields.texts(delivery.path("recipients"))) {
      into.add(
          draft(report, "email.delivered", "delivery", recipient)
              .detail(
                  "delivery",
                  it ->
                      SmtpReply.of(Fields.text(delivery, "smtpResponse"))
                          .into(it)
                          .text("remote_ip", delivery.path("remoteMtaIp"))
                          .text("sending_ip", sourceIp(report))
                          .whole("queue_time_ms", delivery.path("processingTimeMillis"))));
    }
  }

  /// Of the pool that the mail left from; the mail's own `sourceIp` is whose the caller was.
  private static String sourceIp(JsonNode report) {
    return Fields.text(report.path("mail").path("tags").path("ses:outgoing-ip").path(0));
  }

  private static void delayed(JsonNode report, Translation into) {
    var delay = report.path("deliveryDelay");
    for (var delayed : delay.path("delayedRecipients")) {
      var reply = reply(delayed);
      into.add(
          draft(report, "email.deferred", "deliveryDelay", Fields.text(delayed, "emailAddress"))
              .detail(
                  "deferral",
                  it ->
                      reply
                          .into(it)
                          .text("expires_at", Fields.time(delay.path("expirationTime")))
                          .text(
                              "category",
                              Cause.category(delayCause(Fields.text(delay, "delayType")), reply))));
    }
  }

  private static Optional<String> delayCause(String type) {
    return switch (type) {
      case "MailboxFull" -> Optional.of("mailbox_full");
      case "SpamDetected" -> Optional.of("spam_block");
      case "IPFailure" -> Optional.of("reputation_block");
      case "TransientCommunicationFailure" -> Optional.of("timeout");
      case "RecipientServerError" -> Optional.of("mailbox_unavailable");
      default -> Optional.empty();
    };
  }

  private static SmtpReply reply(JsonNode recipient) {
    return SmtpReply.of(
        "", Fields.text(recipient, "status"), Fields.text(recipient, "diagnosticCode"));
  }

  private static void bounced(JsonNode report, Translation into) {
    var bounce = report.path("bounce");
    var subtype = Fields.text(bounce, "bounceSubType");
    for (var bounced : bounce.path("bouncedRecipients")) {
      var recipient = Fields.text(bounced, "emailAddress");
      if (subtype.equals("Suppressed") || subtype.equals("OnAccountSuppressionList")) {
        into.add(
            draft(report, "email.dropped", "bounce", recipient)
                .detail("drop", it -> it.text("reason", "suppressed_bounce")));
        continue;
      }
      var reply = reply(bounced);
      into.add(
          draft(report, "email.bounced", "bounce", recipient)
              .detail(
                  "bounce",
                  it ->
                      reply
                          .into(it)
                          .text("kind", bounceKind(Fields.text(bounce, "bounceType")))
                          .text("category", Cause.category(bounceCause(subtype), reply))
                          .text("subtype", subtype)
                          // A server that answers has an address; a report that came as mail has
                          // not.
                          .flag("asynchronous", !bounce.has("remoteMtaIp"))));
    }
  }

  private static String bounceKind(String type) {
    return switch (type) {
      case "Permanent" -> "hard";
      case "Transient" -> "soft";
      default -> "undetermined";
    };
  }

  private static Optional<String> bounceCause(String subtype) {
    return switch (subtype) {
      case "NoEmail" -> Optional.of("invalid_address");
      case "MailboxFull" -> Optional.of("mailbox_full");
      case "MessageTooLarge" -> Optional.of("message_too_large");
      case "ContentRejected" -> Optional.of("content_rejected");
      case "AttachmentRejected" -> Optional.of("attachment_rejected");
      default -> Optional.empty();
    };
  }

  private static void complained(JsonNode report, Translation into) {
    var complaint = report.path("complaint");
    for (var complained : complaint.path("complainedRecipients")) {
      into.add(
          draft(report, "email.complained", "complaint", Fields.text(complained, "emailAddress"))
              .detail(
                  "complaint",
                  it ->
                      it.text("feedback_type", complaint.path("complaintFeedbackType"))
                          .text("arrived_at", Fields.time(complaint.path("arrivalDate")))
                          .address(
                              "original_mail_from", Fields.text(report.path("mail"), "source"))));
    }
  }

  private static void dropped(JsonNode report, String part, String reason, Translation into) {
    for (var recipient : destinations(report)) {
      into.add(
          draft(report, "email.dropped", part, recipient)
              .detail("drop", it -> it.text("reason", reason)));
    }
  }

  private static void engaged(JsonNode report, String type, String part, Translation into) {
    var engagement = report.path(part);
    var recipients = destinations(report);
    var event =
        draft(report, type, part, recipients.isEmpty() ? "" : recipients.getFirst())
            .detail(
                part,
                it ->
                    it.text("ip", engagement.path("ipAddress"))
                        .text("user_agent", engagement.path("userAgent"))
                        .text("url", engagement.path("link")));
    if (recipients.size() > 1) {
      event.entry("recipient_is_one_of", String.join(", ", recipients));
    }
    into.add(event);
  }

  private static void subscription(JsonNode report, Translation into) {
    var subscription = report.path("subscription");
    var preferences = subscription.path("newTopicPreferences");
    boolean all = preferences.path("unsubscribeAll").asBoolean();
    var topics = new ArrayList<String>();
    for (var topic : preferences.path("topicSubscriptionStatus")) {
      if (Fields.text(topic, "subscriptionStatus").equalsIgnoreCase("OptOut")) {
        topics.add(Fields.text(topic, "topicName"));
      }
    }
    var type = all || !topics.isEmpty() ? "email.unsubscribed" : "email.resubscribed";
    for (var recipient : destinations(report)) {
      into.add(
          draft(report, type, "subscription", recipient)
              .detail(
                  "unsubscribe",
                  it ->
                      it.text("scope", all || topics.isEmpty() ? "list" : "topic")
                          .text(
                              "list_id",
                              all || topics.isEmpty()
                                  ? Fields.text(subscription, "contactList")
                                  : String.join(",", topics))
                          .text("method", method(Fields.text(subscription, "source")))));
    }
  }

  private static String method(String source) {
    return switch (source) {
      case "UnsubscribeHeader" -> "one_click";
      case "UnsubscribeLink" -> "link";
      default -> "";
    };
  }

  private static void received(JsonNode report, Translation into) {
    var receipt = report.path("receipt");
    var headers = report.path("mail").path("commonHeaders");
    for (var recipient : Fields.texts(receipt.path("recipients"))) {
      into.add(
          draft(report, "email.received", "receipt", recipient)
              .address("inbox", recipient)
              .detail(
                  "inbound",
                  it ->
                      it.text("from", headers.path("from").path(0))
                          .texts("to", Fields.texts(headers.path("to")))
                          .texts("cc", Fields.texts(headers.path("cc")))
                          .text("spf", verdict(receipt, "spfVerdict"))
                          .text("dkim", verdict(receipt, "dkimVerdict"))
                          .text("dmarc", verdict(receipt, "dmarcVerdict"))));
    }
  }

  private static String verdict(JsonNode receipt, String name) {
    return switch (Fields.text(receipt.path(name), "status")) {
      case "PASS" -> "pass";
      case "FAIL" -> "fail";
      case "GRAY" -> "neutral";
      case "PROCESSING_FAILED" -> "temperror";
      default -> "";
    };
  }
}

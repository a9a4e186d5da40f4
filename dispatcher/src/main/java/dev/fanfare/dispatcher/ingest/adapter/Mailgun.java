package dev.fanfare.dispatcher.ingest.adapter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Mailgun's webhooks: one event a request, under `event-data`; times are seconds with a fraction.
final class Mailgun implements Adapter {
  private static final String NAME = "mailgun";

  private static final Map<String, String> CATEGORIES =
      Map.of(
          "greylisted", "rate_limited",
          "espblock", "reputation_block",
          "old", "timeout");

  @Override
  public void translate(JsonNode report, String deliveryId, Translation into) {
    var event = report.path("event-data");
    var kind = Fields.text(event, "event");
    switch (kind) {
      case "accepted" -> into.add(accepted(event));
      case "delivered" ->
          into.add(
              draft(event, "email.delivered")
                  .detail("delivery", it -> session(it, reply(event), event)));
      case "failed" -> failed(event, into);
      case "rejected" ->
          into.add(draft(event, "email.dropped").detail("drop", it -> it.text("reason", "policy")));
      case "opened" ->
          into.add(draft(event, "email.opened").detail("open", it -> client(it, event)));
      case "clicked" ->
          into.add(
              draft(event, "email.clicked")
                  .detail("click", it -> client(it, event).text("url", event.path("url"))));
      case "complained" -> into.add(draft(event, "email.complained").detail("complaint", it -> it));
      case "unsubscribed" ->
          into.add(draft(event, "email.unsubscribed").detail("unsubscribe", it -> it));
      case "stored" -> into.add(stored(event));
      default -> into.skip(kind);
    }
  }

  private static Draft draft(JsonNode event, String type) {
    var headers = event.path("message").path("headers");
    var rfcId = Fields.messageId(Fields.text(headers, "message-id"));
    var eventId =
        EventIds.of(
            NAME,
            Fields.text(event, "id"),
            type,
            rfcId,
            Fields.text(event, "recipient"),
            Fields.text(event, "timestamp"));
    var draft =
        Draft.of(NAME, type, eventId)
            .text("occurred_at", Fields.seconds(event.path("timestamp")))
            // Every event of a mail has the Message-ID; the storage key only some.
            .text(
                "message_id",
                Fields.first(rfcId, Fields.text(event.path("storage"), "key"), eventId))
            .text("rfc_message_id", rfcId)
            .address("recipient", Fields.text(event, "recipient"))
            .address(
                "sender",
                Fields.first(
                    Fields.text(headers, "from"), Fields.text(event.path("envelope"), "sender")))
            .text("subject", headers.path("subject"))
            .text("campaign", campaign(event.path("campaigns")))
            .texts("tags", Fields.texts(event.path("tags")));
    return draft.metadata(event.path("user-variables"));
  }

  private static String campaign(JsonNode campaigns) {
    var first = campaigns.path(0);
    return Fields.first(Fields.text(first), Fields.text(first, "id"), Fields.text(first, "name"));
  }

  private static Draft accepted(JsonNode event) {
    var via = Fields.first(Fields.text(event, "method"), transport(event));
    return draft(event, "email.queued")
        .detail(
            "submission",
            it ->
                it.whole("size_bytes", event.path("message").path("size"))
                    .text("injected_via", via.equalsIgnoreCase("http") ? "api" : lower(via)));
  }

  private static String transport(JsonNode event) {
    return Fields.text(event.path("envelope"), "transport");
  }

  private static SmtpReply reply(JsonNode event) {
    var status = event.path("delivery-status");
    return SmtpReply.of(
        Fields.text(status, "code"),
        Fields.text(status, "enhanced-code"),
        Fields.first(Fields.text(status, "message"), Fields.text(status, "description")));
  }

  private static Draft session(Draft detail, SmtpReply reply, JsonNode event) {
    return reply
        .into(detail)
        .text("mx_host", event.path("delivery-status").path("mx-host"))
        .text("sending_ip", event.path("envelope").path("sending-ip"))
        .whole("attempt", event.path("delivery-status").path("attempt-no"));
  }

  private static void failed(JsonNode event, Translation into) {
    var reason = Fields.text(event, "reason");
    var reply = reply(event);
    if (reason.startsWith("suppress-")) {
      into.add(
          draft(event, "email.dropped")
              .detail("drop", it -> it.text("reason", dropReason(reason))));
    } else if (Fields.text(event, "severity").equals("temporary")) {
      into.add(
          draft(event, "email.deferred")
              .detail(
                  "deferral",
                  it ->
                      session(it, reply, event)
                          .text("category", category(reason, reply))
                          .text("next_retry_at", nextRetry(event))));
    } else {
      into.add(
          draft(event, "email.bounced")
              .detail(
                  "bounce",
                  it ->
                      session(it, reply, event)
                          .text("kind", bounceKind(event, reason))
                          .text("category", category(reason, reply))
                          .text("subtype", reason)));
    }
  }

  private static String nextRetry(JsonNode event) {
    var wait = event.path("delivery-status").path("retry-seconds");
    var at = event.path("timestamp");
    return wait.isNumber() && at.isNumber()
        ? Fields.seconds(DoubleNode.valueOf(at.doubleValue() + wait.doubleValue()))
        : "";
  }

  private static String category(String reason, SmtpReply reply) {
    return Cause.category(Optional.ofNullable(CATEGORIES.get(reason)), reply);
  }

  private static String dropReason(String reason) {
    return switch (reason) {
      case "suppress-bounce" -> "suppressed_bounce";
      case "suppress-complaint" -> "suppressed_complaint";
      case "suppress-unsubscribe" -> "unsubscribed";
      default -> "policy";
    };
  }

  private static String bounceKind(JsonNode event, String reason) {
    if (reason.equals("espblock")) {
      return "block";
    }
    var type = Fields.text(event.path("delivery-status"), "bounce-type");
    return type.equals("soft") || reason.equals("old") ? "soft" : "hard";
  }

  private static Draft client(Draft detail, JsonNode event) {
    var client = event.path("client-info");
    detail
        .text("ip", event.path("ip"))
        .text("user_agent", client.path("user-agent"))
        .text("client", client.path("client-name"))
        .text("os", client.path("client-os"))
        .text("device", device(Fields.text(client, "device-type")))
        .text("country", country(Fields.text(event.path("geolocation"), "country")));
    if (client.has("bot")) {
      var bot = Fields.text(client, "bot");
      detail.flag("machine", !bot.isEmpty());
      detail.text("machine_reason", machineReason(bot));
    }
    return detail;
  }

  private static String machineReason(String bot) {
    return switch (bot) {
      case "" -> "";
      case "apple" -> "apple_mpp";
      case "gmail" -> "proxy";
      default -> "bot";
    };
  }

  private static String device(String type) {
    return switch (type) {
      case "desktop", "mobile", "tablet" -> type;
      case "" -> "";
      default -> "other";
    };
  }

  private static String country(String code) {
    return code.matches("[A-Z]{2}") ? code : "";
  }

  private static Draft stored(JsonNode event) {
    var headers = event.path("message").path("headers");
    var recipient = Fields.text(event, "recipient");
    return draft(event, "email.received")
        .address("inbox", recipient)
        .detail(
            "inbound",
            it -> {
              it.text("from", headers.path("from"))
                  .texts("to", Fields.texts(headers.path("to")))
                  .whole("size_bytes", event.path("message").path("size"));
              int index = 0;
              for (var attachment : event.path("message").path("attachments")) {
                var id = "attachment-" + index++;
                it.item(
                    "attachments",
                    one ->
                        one.text("id", id)
                            .text("filename", attachment.path("filename"))
                            .text("content_type", attachment.path("content-type"))
                            .whole("size_bytes", attachment.path("size")));
              }
              return it;
            });
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}

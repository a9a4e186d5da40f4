package dev.fanfare.dispatcher.ingest.adapter;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// SendGrid's event webhook. `category` is one text or a list; what a sender gave as `unique_args`
/// or `custom_args` lies among the report's own fields, so whatever is not SendGrid's own is
/// metadata.
final class SendGrid implements Adapter {
  private static final String NAME = "sendgrid";

  private static final Set<String> OWN_FIELDS =
      Set.of(
          "asm_group_id",
          "attempt",
          "bounce_classification",
          "category",
          "cert_err",
          "email",
          "event",
          "ip",
          "marketing_campaign_id",
          "marketing_campaign_name",
          "marketing_campaign_split_id",
          "marketing_campaign_version",
          "newsletter",
          "pool",
          "post_type",
          "reason",
          "response",
          "send_at",
          "sg_content_type",
          "sg_event_id",
          "sg_machine_open",
          "sg_message_id",
          "sg_template_id",
          "sg_template_name",
          "singlesend_id",
          "singlesend_name",
          "smtp-id",
          "status",
          "template_id",
          "timestamp",
          "tls",
          "type",
          "url",
          "url_offset",
          "useragent");

  private static final Map<String, String> CLASSES =
      Map.of(
          "invalid address", "invalid_address",
          "technical", "dns_or_routing",
          "technical failure", "dns_or_routing",
          "content", "content_rejected",
          "reputation", "reputation_block",
          "frequency/volume", "rate_limited",
          "frequency or volume too high", "rate_limited",
          "mailbox unavailable", "mailbox_unavailable");

  @Override
  public void translate(JsonNode report, String deliveryId, Translation into) {
    var kind = Fields.text(report, "event");
    switch (kind) {
      case "processed" -> into.add(draft(report, "email.queued").detail("submission", it -> it));
      case "delivered" ->
          into.add(
              draft(report, "email.delivered")
                  .detail("delivery", it -> session(it, reply(report), report)));
      case "deferred" -> into.add(deferred(report));
      case "bounce" -> into.add(bounced(report));
      case "dropped" ->
          into.add(
              draft(report, "email.dropped")
                  .detail("drop", it -> it.text("reason", dropReason(report))));
      case "open" ->
          into.add(draft(report, "email.opened").detail("open", it -> opened(it, report)));
      case "click" ->
          into.add(draft(report, "email.clicked").detail("click", it -> clicked(it, report)));
      case "spamreport" ->
          into.add(draft(report, "email.complained").detail("complaint", it -> it));
      case "unsubscribe" ->
          into.add(
              draft(report, "email.unsubscribed")
                  .detail("unsubscribe", it -> it.text("scope", "global")));
      case "group_unsubscribe" -> into.add(ofGroup(report, "email.unsubscribed"));
      case "group_resubscribe" -> into.add(ofGroup(report, "email.resubscribed"));
      default -> into.skip(kind);
    }
  }

  private static Draft draft(JsonNode report, String type) {
    var smtpId = Fields.messageId(Fields.text(report, "smtp-id"));
    var eventId =
        EventIds.of(
            NAME,
            Fields.text(report, "sg_event_id"),
            type,
            Fields.text(report, "sg_message_id"),
            smtpId,
            Fields.text(report, "email"),
            Fields.text(report, "timestamp"),
            Fields.text(report, "url"));
    var draft =
        Draft.of(NAME, type, eventId)
            .text("occurred_at", Fields.seconds(report.path("timestamp")))
            .text(
                "message_id",
                Fields.first(sentId(Fields.text(report, "sg_message_id")), smtpId, eventId))
            .text("rfc_message_id", smtpId)
            .address("recipient", Fields.text(report, "email"))
            .text(
                "campaign",
                Fields.first(
                    Fields.text(report, "marketing_campaign_name"),
                    Fields.text(report, "singlesend_name"),
                    Fields.text(report, "marketing_campaign_id"),
                    Fields.text(report, "singlesend_id")))
            .texts("tags", Fields.texts(report.path("category")));
    for (var field : report.properties()) {
      if (!OWN_FIELDS.contains(field.getKey())) {
        draft.entry(field.getKey(), field.getValue());
      }
    }
    return draft;
  }

  /// The id that the API gave when the mail was sent is the part before what the filters added.
  private static String sentId(String messageId) {
    return messageId.replaceFirst("\\.(filter|recvd).*$", "");
  }

  private static SmtpReply reply(JsonNode report) {
    var text = Fields.first(Fields.text(report, "response"), Fields.text(report, "reason"));
    return SmtpReply.of("", Fields.text(report, "status"), text);
  }

  private static Draft session(Draft detail, SmtpReply reply, JsonNode report) {
    return reply
        .into(detail)
        .text("sending_ip", report.path("ip"))
        .text("ip_pool", report.path("pool").path("name"))
        .whole("attempt", report.path("attempt"));
  }

  private static Draft deferred(JsonNode report) {
    var reply = reply(report);
    return draft(report, "email.deferred")
        .detail(
            "deferral",
            it ->
                session(it, reply, report).text("category", Cause.category(known(report), reply)));
  }

  private static Draft bounced(JsonNode report) {
    var reply = reply(report);
    var kind =
        Fields.text(report, "type").equals("blocked")
            ? "block"
            : reply.isTransient() ? "soft" : "hard";
    return draft(report, "email.bounced")
        .detail(
            "bounce",
            it ->
                session(it, reply, report)
                    .text("kind", kind)
                    .text("category", Cause.category(known(report), reply))
                    .text("subtype", report.path("bounce_classification")));
  }

  private static Optional<String> known(JsonNode report) {
    var name = Fields.text(report, "bounce_classification").toLowerCase(Locale.ROOT);
    return Optional.ofNullable(CLASSES.get(name));
  }

  private static String dropReason(JsonNode report) {
    var reason = Fields.text(report, "reason").toLowerCase(Locale.ROOT);
    if (reason.contains("bounced")) {
      return "suppressed_bounce";
    }
    if (reason.contains("unsubscribed")) {
      return "unsubscribed";
    }
    if (reason.contains("spam reporting")) {
      return "suppressed_complaint";
    }
    if (reason.contains("quota")) {
      return "quota";
    }
    return reason.contains("spam content") ? "policy" : "invalid";
  }

  private static Draft opened(Draft detail, JsonNode report) {
    client(detail, report);
    var machine = report.path("sg_machine_open");
    detail.flag("machine", machine);
    return machine.asBoolean() ? detail.text("machine_reason", "apple_mpp") : detail;
  }

  private static Draft clicked(Draft detail, JsonNode report) {
    return client(detail, report)
        .text("url", report.path("url"))
        .whole("link_index", report.path("url_offset").path("index"));
  }

  private static Draft client(Draft detail, JsonNode report) {
    return detail.text("ip", report.path("ip")).text("user_agent", report.path("useragent"));
  }

  private static Draft ofGroup(JsonNode report, String type) {
    return draft(report, type)
        .detail(
            "unsubscribe",
            it -> it.text("scope", "topic").text("list_id", report.path("asm_group_id")));
  }
}

package dev.fanfare.dispatcher.ingest.adapter;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;

/// SparkPost's webhooks: a list of up to 350, each an object under `msys` named after its class.
/// Numbers come as texts. An empty `msys` asks whether somebody is there.
final class SparkPost implements Adapter {
  private static final String NAME = "sparkpost";

  /// Bounce classes.
  private static final Map<String, String> CATEGORIES =
      Map.ofEntries(
          Map.entry("10", "invalid_address"),
          Map.entry("21", "dns_or_routing"),
          Map.entry("22", "mailbox_full"),
          Map.entry("23", "message_too_large"),
          Map.entry("24", "timeout"),
          Map.entry("30", "invalid_address"),
          Map.entry("50", "reputation_block"),
          Map.entry("51", "spam_block"),
          Map.entry("52", "content_rejected"),
          Map.entry("53", "attachment_rejected"),
          Map.entry("54", "relay_or_auth"),
          Map.entry("60", "auto_reply"),
          Map.entry("100", "challenge"));

  @Override
  public void translate(JsonNode report, String deliveryId, Translation into) {
    var classes = report.path("msys").properties();
    if (classes.isEmpty() && !report.has("msys")) {
      into.skip("");
    }
    for (var each : classes) {
      var event = each.getValue();
      if (each.getKey().equals("relay_message")) {
        into.add(received(event));
      } else {
        translate(event, into);
      }
    }
  }

  private static void translate(JsonNode event, Translation into) {
    var kind = Fields.text(event, "type");
    switch (kind) {
      case "injection" ->
          into.add(
              draft(event, "email.queued")
                  .detail(
                      "submission",
                      it ->
                          it.whole("size_bytes", event.path("msg_size"))
                              .text("injected_via", via(event))));
      case "delivery" ->
          into.add(
              draft(event, "email.delivered")
                  .detail("delivery", it -> session(it, SmtpReply.of(""), event)));
      case "delay" -> into.add(deferred(event));
      case "bounce" -> bounce(event, false, into);
      case "out_of_band" -> bounce(event, true, into);
      case "policy_rejection", "generation_rejection" ->
          into.add(
              draft(event, "email.dropped")
                  .detail("drop", it -> it.text("reason", dropReason(event))));
      case "generation_failure" ->
          into.add(
              draft(event, "email.dropped")
                  .detail("drop", it -> it.text("reason", "template_error")));
      case "open", "initial_open", "amp_open", "amp_initial_open" ->
          into.add(
              draft(event, "email.opened")
                  .detail(
                      "open",
                      it -> {
                        client(it, event);
                        return kind.endsWith("initial_open") ? it.flag("first", true) : it;
                      }));
      case "click", "amp_click" ->
          into.add(draft(event, "email.clicked").detail("click", it -> clicked(it, event)));
      case "spam_complaint" -> into.add(complained(event));
      case "list_unsubscribe" -> into.add(unsubscribed(event, "one_click"));
      case "link_unsubscribe" -> into.add(unsubscribed(event, "link"));
      default -> into.skip(kind);
    }
  }

  private static Draft draft(JsonNode event, String type) {
    var eventId =
        EventIds.of(
            NAME,
            Fields.text(event, "event_id"),
            type,
            Fields.text(event, "message_id"),
            Fields.text(event, "rcpt_to"),
            Fields.text(event, "timestamp"));
    var draft =
        Draft.of(NAME, type, eventId)
            .text("occurred_at", occurredAt(event))
            .text(
                "message_id",
                Fields.first(
                    Fields.text(event, "message_id"),
                    Fields.text(event, "transmission_id"),
                    eventId))
            // rcpt_to is in lower case; the raw one is as it was written.
            .address(
                "recipient",
                Fields.first(Fields.text(event, "raw_rcpt_to"), Fields.text(event, "rcpt_to")))
            .address(
                "sender",
                Fields.first(Fields.text(event, "friendly_from"), Fields.text(event, "msg_from")))
            .text("subject", event.path("subject"))
            .text("campaign", event.path("campaign_id"))
            .texts("tags", Fields.texts(event.path("rcpt_tags")));
    return draft.metadata(event.path("rcpt_meta"));
  }

  private static String occurredAt(JsonNode event) {
    return Fields.first(
        Fields.seconds(event.path("timestamp")), Fields.time(event.path("timestamp")));
  }

  private static String via(JsonNode event) {
    return switch (Fields.text(event, "recv_method")) {
      case "rest" -> "api";
      case "esmtp" -> "smtp";
      default -> "";
    };
  }

  private static SmtpReply reply(JsonNode event) {
    return SmtpReply.of(
        Fields.text(event, "error_code"),
        "",
        Fields.first(Fields.text(event, "raw_reason"), Fields.text(event, "reason")));
  }

  private static Draft session(Draft detail, SmtpReply reply, JsonNode event) {
    reply
        .into(detail)
        .text("remote_ip", event.path("ip_address"))
        .text("sending_ip", event.path("sending_ip"))
        .text("ip_pool", event.path("ip_pool"));
    var retries = Fields.text(event, "num_retries");
    if (retries.matches("\\d{1,6}")) {
      detail.whole("attempt", Long.parseLong(retries) + 1);
    }
    return detail.whole("queue_time_ms", event.path("queue_time"));
  }

  private static Draft deferred(JsonNode event) {
    var reply = reply(event);
    return draft(event, "email.deferred")
        .detail(
            "deferral",
            it -> session(it, reply, event).text("category", Cause.category(known(event), reply)));
  }

  private static Optional<String> known(JsonNode event) {
    return Optional.ofNullable(CATEGORIES.get(Fields.text(event, "bounce_class")));
  }

  /// What comes back and is no bounce at all has classes of its own.
  private static void bounce(JsonNode event, boolean asynchronous, Translation into) {
    var bounceClass = Fields.text(event, "bounce_class");
    switch (bounceClass) {
      case "60", "100" ->
          into.add(
              draft(event, "email.auto_replied")
                  .detail(
                      "auto_reply",
                      it ->
                          it.text(
                              "kind", bounceClass.equals("60") ? "autoresponder" : "challenge")));
      case "90" -> into.add(unsubscribed(event, "mailto"));
      case "80" ->
          into.add(
              draft(event, "email.resubscribed")
                  .detail("unsubscribe", it -> it.text("scope", "list").text("method", "mailto")));
      default -> into.add(bounced(event, bounceClass, asynchronous));
    }
  }

  private static Draft bounced(JsonNode event, String bounceClass, boolean asynchronous) {
    var reply = reply(event);
    return draft(event, "email.bounced")
        .detail(
            "bounce",
            it ->
                session(it, reply, event)
                    .text("kind", bounceKind(bounceClass))
                    .text("category", Cause.category(known(event), reply))
                    .text("subtype", bounceClass)
                    .flag("asynchronous", asynchronous));
  }

  private static String bounceKind(String bounceClass) {
    return switch (bounceClass) {
      case "10", "25", "30" -> "hard";
      case "20", "21", "22", "23", "24", "40", "70" -> "soft";
      case "50", "51", "52", "53", "54" -> "block";
      default -> "undetermined";
    };
  }

  private static String dropReason(JsonNode event) {
    var reason = Fields.text(event, "raw_reason") + " " + Fields.text(event, "reason");
    return reason.contains("suppressed") ? "suppressed_bounce" : "policy";
  }

  private static Draft clicked(Draft detail, JsonNode event) {
    return client(detail, event)
        .text("url", event.path("target_link_url"))
        .text("link_name", event.path("target_link_name"));
  }

  private static Draft client(Draft detail, JsonNode event) {
    var agent = event.path("user_agent_parsed");
    detail
        .text("ip", event.path("ip_address"))
        .text("user_agent", event.path("user_agent"))
        .text("client", agent.path("agent_family"))
        .text("os", agent.path("os_family"))
        .text("country", event.path("geo_ip").path("country"));
    if (agent.path("is_mobile").isBoolean()) {
      detail.text("device", agent.path("is_mobile").asBoolean() ? "mobile" : "desktop");
    }
    if (agent.has("is_prefetched") || agent.has("is_proxy")) {
      boolean prefetched = agent.path("is_prefetched").asBoolean();
      boolean proxied = agent.path("is_proxy").asBoolean();
      // Through a proxy a person may look; what is fetched ahead nobody has looked at.
      detail.flag("machine", prefetched);
      detail.text("machine_reason", prefetched ? proxied ? "proxy" : "prefetch" : "");
    }
    return detail;
  }

  private static Draft complained(JsonNode event) {
    return draft(event, "email.complained")
        .detail(
            "complaint",
            it ->
                it.text("feedback_type", event.path("fbtype"))
                    .text("reporting_mta", event.path("report_by")));
  }

  private static Draft unsubscribed(JsonNode event, String method) {
    return draft(event, "email.unsubscribed")
        .detail("unsubscribe", it -> it.text("scope", "list").text("method", method));
  }

  private static Draft received(JsonNode event) {
    var content = event.path("content");
    var recipient = Fields.text(event, "rcpt_to");
    var rfcId = Fields.messageId(header(content, "Message-ID"));
    var eventId =
        EventIds.derived(
            NAME,
            "relay",
            Fields.text(event, "webhook_id"),
            rfcId,
            recipient,
            Fields.text(content, "email_rfc822"));
    return Draft.of(NAME, "email.received", eventId)
        .text("message_id", Fields.first(rfcId, eventId))
        .text("rfc_message_id", rfcId)
        .address("recipient", recipient)
        .address("inbox", recipient)
        .address(
            "sender",
            Fields.first(Fields.text(event, "friendly_from"), Fields.text(event, "msg_from")))
        .text("subject", content.path("subject"))
        .detail(
            "inbound",
            it ->
                it.text("from", event.path("friendly_from"))
                    .texts("to", Fields.texts(content.path("to")))
                    .texts("cc", Fields.texts(content.path("cc"))));
  }

  /// Headers are a list of objects with one field each.
  private static String header(JsonNode content, String name) {
    for (var header : content.path("headers")) {
      for (var field : header.properties()) {
        if (field.getKey().equalsIgnoreCase(name)) {
          return Fields.text(field.getValue());
        }
      }
    }
    return "";
  }
}

package dev.fanfare.dispatcher.log.notify;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// What is posted.
final class NoticeJson {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private NoticeJson() {}

  /// As Standard Webhooks lays payloads out.
  static String webhook(Notice notice) {
    var json = NODES.objectNode();
    json.put("type", notice.fired() ? "alert.fired" : "alert.resolved");
    json.put("timestamp", notice.at().toString());
    var data = json.putObject("data");
    data.put("id", notice.id());
    data.put("rule", notice.rule());
    data.put("kind", notice.kind());
    data.put("tenant", notice.tenant().orElse(null));
    data.put("subscription_id", notice.subscription().orElse(null));
    data.put("name", notice.name());
    data.put("summary", notice.summary());
    data.put("value", notice.value().orElse(null));
    data.put("threshold", notice.threshold().orElse(null));
    data.put("since", notice.since().map(Object::toString).orElse(null));
    data.put("fired_id", notice.firedId().orElse(null));
    data.put("link", notice.link().orElse(null));
    return json.toString();
  }

  /// `{"text": …}`, in which names that strangers have given can neither link nor call anybody.
  static String chat(Notice notice) {
    ObjectNode json = NODES.objectNode();
    var text = new StringBuilder();
    text.append(notice.fired() ? "🔴 *Alert*" : "🟢 *Over*");
    notice.tenant().ifPresent(it -> text.append(" (").append(escaped(it)).append(')'));
    text.append(": ").append(escaped(notice.summary()));
    notice.link().ifPresent(it -> text.append("\n<").append(it).append("|Look at it>"));
    return json.put("text", text.toString()).toString();
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}

package dev.fanfare.schemas.catalogue;

import dev.fanfare.schemas.avro.EmailEvent;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// One example event a type, with content as it comes from several kinds of platforms:
/// transactional mail of a shop, a newsletter relayed through an MTA, and an AI agent with an inbox
/// of its own. Ids, times and addresses are fixed; the addresses are of the ranges and domains set
/// aside for documentation (RFC 2606, RFC 5737).
final class Examples {
  private static final Instant ACCEPTED = Instant.parse("2026-03-02T08:15:30.120Z");

  private Examples() {}

  static EmailEvent of(String type) {
    var event =
        switch (type) {
          case "email.queued", "email.sent", "email.delivered", "email.opened", "email.clicked" ->
              MailExamples.ofOrder(type);
          case "email.deferred", "email.bounced", "email.dropped", "email.complained" ->
              MailExamples.ofNewsletter(type);
          case "email.received", "email.auto_replied" -> AgentExamples.ofAgent(type);
          case "email.unsubscribed",
              "email.resubscribed",
              "contact.engagement_changed",
              "suppression.added",
              "suppression.removed" ->
              ContactExamples.ofContact(type);
          default -> throw new IllegalStateException("no example for " + type);
        };
    return event.setType(type).build();
  }

  /// The receipt that a shop's customer gets, tags and metadata set by the shop.
  static EmailEvent.Builder order(String eventId, long afterMillis) {
    return EmailEvent.newBuilder()
        .setEventId(eventId)
        .setTenant("acme-shop")
        .setType("")
        .setOccurredAt(ACCEPTED.plusMillis(afterMillis))
        .setMessageId("msg_01JN5C1T8X3M6Q9RZB4KWE7HDA")
        .setRfcMessageId("01JN5C1T8X3M6Q9RZB4KWE7HDA@mail.acme.example")
        .setRecipient("mia.berger@customer.example")
        .setSender("orders@acme.example")
        .setSubject("Your order 10873 is on its way")
        .setStream("transactional")
        .setTags(List.of("order", "shipping"))
        .setMetadata(Map.of("order_id", "10873"));
  }

  /// A newsletter that goes out in bulk through an MTA.
  static EmailEvent.Builder newsletter(String eventId, String recipient, long afterMillis) {
    return EmailEvent.newBuilder()
        .setEventId(eventId)
        .setTenant("northwind-media")
        .setType("")
        .setOccurredAt(ACCEPTED.plusMillis(afterMillis))
        .setMessageId("9f3c1e7a7d5b4e0fa2c6b1d80e4f7a95")
        .setRfcMessageId("20260302.9f3c1e7a@news.northwind.example")
        .setRecipient(recipient)
        .setSender("weekly@news.northwind.example")
        .setSubject("Seven places to see in March")
        .setStream("broadcast")
        .setCampaign("weekly-2026-09")
        .setTags(List.of("newsletter"))
        .setProvider("kumomta");
  }

  /// A conversation of an AI agent that answers mail.
  static EmailEvent.Builder agent(String eventId, long afterMillis) {
    return EmailEvent.newBuilder()
        .setEventId(eventId)
        .setTenant("helpdesk-agents")
        .setType("")
        .setOccurredAt(ACCEPTED.plusMillis(afterMillis))
        .setMessageId("in_5b1Zr0Qm7Tn2")
        .setRfcMessageId("CAF3=k9wq2@mail.customer.example")
        .setRecipient("support-agent@inbox.helpdesk.example")
        .setInbox("support-agent@inbox.helpdesk.example")
        .setStream("agents")
        .setMetadata(Map.of("thread_id", "thr_88213"));
  }

  static Instant time(long afterMillis) {
    return ACCEPTED.plusMillis(afterMillis);
  }
}

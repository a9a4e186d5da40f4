package dev.fanfare.schemas.catalogue;

import dev.fanfare.schemas.avro.Attachment;
import dev.fanfare.schemas.avro.AutoReply;
import dev.fanfare.schemas.avro.EmailEvent;
import dev.fanfare.schemas.avro.Inbound;
import java.util.List;

/// Examples of mail that comes in for an AI agent.
final class AgentExamples {
  private AgentExamples() {}

  static EmailEvent.Builder ofAgent(String type) {
    return switch (type) {
      case "email.received" ->
          Examples.agent("evt_5b1Zr0Qm7Tn2-received", 640)
              .setSender("tomas@customer.example")
              .setSubject("Re: Invoice 2291: the amount is wrong 🙁")
              .setInbound(inbound());
      case "email.auto_replied" ->
          Examples.agent("evt_5b1Zr0Qm7Tn2-auto_replied", 4_210)
              .setSender("tomas@customer.example")
              .setSubject("Out of office until 9 March")
              .setAutoReply(AutoReply.newBuilder().setKind("autoresponder").build());
      default -> throw new IllegalStateException("no example for " + type);
    };
  }

  private static Inbound inbound() {
    var content = "https://mail.helpdesk.example/messages/in_5b1Zr0Qm7Tn2";
    return Inbound.newBuilder()
        .setFrom("Tomás Núñez <tomas@customer.example>")
        .setTo(List.of("support-agent@inbox.helpdesk.example"))
        .setCc(List.of("accounts@customer.example"))
        .setTextUrl(content + "/text")
        .setHtmlUrl(content + "/html")
        .setSizeBytes(186_402L)
        .setAttachments(
            List.of(
                Attachment.newBuilder()
                    .setId("att_1")
                    .setFilename("invoice-2291.pdf")
                    .setContentType("application/pdf")
                    .setSizeBytes(171_033L)
                    .setUrl(content + "/attachments/att_1")
                    .build()))
        .setSpamScore(0.3)
        .setSpf("pass")
        .setDkim("pass")
        .setDmarc("pass")
        .build();
  }
}

package dev.fanfare.schemas.catalogue;

import dev.fanfare.schemas.avro.Bounce;
import dev.fanfare.schemas.avro.Click;
import dev.fanfare.schemas.avro.Complaint;
import dev.fanfare.schemas.avro.Deferral;
import dev.fanfare.schemas.avro.Drop;
import dev.fanfare.schemas.avro.EmailEvent;
import dev.fanfare.schemas.avro.Open;
import dev.fanfare.schemas.avro.SmtpDelivery;
import dev.fanfare.schemas.avro.Submission;

/// Examples of what happens to a mail on its way out and after.
final class MailExamples {
  private MailExamples() {}

  static EmailEvent.Builder ofOrder(String type) {
    return switch (type) {
      case "email.queued" ->
          Examples.order("evt_01JN5C1T9A0QUEUED00000000", 0)
              .setSubmission(
                  Submission.newBuilder().setSizeBytes(48_211L).setInjectedVia("api").build());
      case "email.sent" ->
          Examples.order("evt_01JN5C1T9A0SENT0000000000", 310)
              .setSubmission(
                  Submission.newBuilder().setSizeBytes(48_211L).setInjectedVia("api").build());
      case "email.delivered" ->
          Examples.order("evt_01JN5C1T9A0DELIVERED00000", 2_480).setDelivery(delivery());
      case "email.opened" ->
          Examples.order("evt_01JN5C1T9A0OPENED00000000", 95_000).setOpen(open());
      case "email.clicked" ->
          Examples.order("evt_01JN5C1T9A0CLICKED0000000", 121_400).setClick(click());
      default -> throw new IllegalStateException("no example for " + type);
    };
  }

  static EmailEvent.Builder ofNewsletter(String type) {
    return switch (type) {
      case "email.deferred" ->
          Examples.newsletter("5e0c7a52b7f44c2d9d0e", "jon@slow.example", 6_050)
              .setDeferral(deferral());
      case "email.bounced" ->
          Examples.newsletter("5e0c7a52b7f44c2d9d1f", "no.longer.here@customer.example", 3_900)
              .setBounce(bounce());
      case "email.dropped" ->
          Examples.newsletter("5e0c7a52b7f44c2d9d20", "left@customer.example", 40)
              .setDrop(
                  Drop.newBuilder()
                      .setReason("suppressed_complaint")
                      .setSuppressionId("sup_7741")
                      .build());
      case "email.complained" ->
          Examples.newsletter("5e0c7a52b7f44c2d9d21", "ana@webmail.example", 7_322_000)
              .setComplaint(complaint());
      default -> throw new IllegalStateException("no example for " + type);
    };
  }

  private static SmtpDelivery delivery() {
    return SmtpDelivery.newBuilder()
        .setSmtpCode(250)
        .setEnhancedCode("2.0.0")
        .setResponse("250 2.0.0 OK 1772439332 d2e1a72fcca58-7f3 - gsmtp")
        .setMxHost("mx1.customer.example")
        .setRemoteIp("198.51.100.27")
        .setSendingIp("203.0.113.40")
        .setIpPool("transactional")
        .setTlsVersion("TLSv1.3")
        .setAttempt(1)
        .setQueueTimeMs(2_480L)
        .build();
  }

  private static Open open() {
    return Open.newBuilder()
        .setFirst(true)
        .setIp("192.0.2.61")
        .setUserAgent("Mozilla/5.0")
        .setClient("Apple Mail")
        .setOs("iOS")
        .setDevice("mobile")
        .setCountry("DE")
        .setMachine(true)
        .setMachineReason("apple_mpp")
        .build();
  }

  private static Click click() {
    return Click.newBuilder()
        .setFirst(true)
        .setIp("192.0.2.144")
        .setUserAgent("Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X) AppleWebKit/605.1.15")
        .setClient("Mobile Safari")
        .setOs("iOS")
        .setDevice("mobile")
        .setCountry("DE")
        .setMachine(false)
        .setUrl("https://acme.example/orders/10873/track")
        .setLinkIndex(0)
        .setLinkName("track")
        .build();
  }

  private static Deferral deferral() {
    return Deferral.newBuilder()
        .setSmtpCode(421)
        .setEnhancedCode("4.7.0")
        .setResponse("421 4.7.0 Too many messages from your network, try again later")
        .setMxHost("mx.slow.example")
        .setRemoteIp("198.51.100.90")
        .setSendingIp("203.0.113.77")
        .setIpPool("bulk")
        .setTlsVersion("TLSv1.2")
        .setAttempt(2)
        .setQueueTimeMs(6_050L)
        .setNextRetryAt(Examples.time(1_206_050))
        .setExpiresAt(Examples.time(172_800_000))
        .setCategory("rate_limited")
        .build();
  }

  private static Bounce bounce() {
    return Bounce.newBuilder()
        .setKind("hard")
        .setCategory("invalid_address")
        .setSubtype("InvalidRecipient")
        .setAsynchronous(false)
        .setSuppressed(true)
        .setSmtpCode(550)
        .setEnhancedCode("5.1.1")
        .setResponse("550 5.1.1 <no.longer.here@customer.example>: user unknown")
        .setMxHost("mx1.customer.example")
        .setRemoteIp("198.51.100.27")
        .setSendingIp("203.0.113.77")
        .setIpPool("bulk")
        .setTlsVersion("TLSv1.3")
        .setAttempt(1)
        .setQueueTimeMs(3_900L)
        .build();
  }

  private static Complaint complaint() {
    return Complaint.newBuilder()
        .setFeedbackType("abuse")
        .setReportingMta("dns; feedback.webmail.example")
        .setSourceIp("203.0.113.77")
        .setArrivedAt(Examples.time(9_000))
        .setOriginalMailFrom("bounces+9f3c1e7a@news.northwind.example")
        .build();
  }
}

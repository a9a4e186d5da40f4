package dev.fanfare.dispatcher.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.schemas.avro.Attachment;
import dev.fanfare.schemas.avro.Bounce;
import dev.fanfare.schemas.avro.EmailEvent;
import dev.fanfare.schemas.avro.Inbound;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SelectorTest {
  private static final EmailEvent EVENT =
      EmailEvent.newBuilder()
          .setEventId("evt_1")
          .setTenant("acme")
          .setType("email.bounced")
          .setOccurredAt(Instant.parse("2026-03-01T12:00:00Z"))
          .setMessageId("msg_1")
          .setRecipient("Jane.Doe@Example.COM")
          .setSender("News@Acme.example")
          .setInbox("Support@acme.example")
          .setStream("transactional")
          .setTags(List.of("welcome", "Q1"))
          .setMetadata(Map.of("order", "17", "shop.country", "DE"))
          .setBounce(
              Bounce.newBuilder()
                  .setKind("hard")
                  .setSmtpCode(550)
                  .setAsynchronous(true)
                  .setQueueTimeMs(1200L)
                  .build())
          .setInbound(
              Inbound.newBuilder()
                  .setTo(List.of("a@x.example", "B@x.example"))
                  .setSpamScore(2.5)
                  .setAttachments(
                      List.of(
                          Attachment.newBuilder().setId("1").setFilename("a.pdf").build(),
                          Attachment.newBuilder().setId("2").build()))
                  .build())
          .build();

  @ParameterizedTest
  @CsvSource({
    "email.bounced, true",
    "email.delivered, false",
    "email.bounce, false",
    "email.bounced.hard, false",
    "email.*, true",
    "email.bounced.*, false",
    "em.*, false",
    "emai*, false",
    "contact.*, false",
    "*, true",
    "EMAIL.BOUNCED, false",
  })
  void takesTypes(String pattern, boolean expected) {
    assertThat(new Selector(List.of("suppression.added", pattern)).matches(EVENT))
        .isEqualTo(expected);
  }

  @Test
  void withoutPatternTakesNothing() {
    assertThat(new Selector(List.of()).matches(EVENT)).isFalse();
  }

  @Test
  void everyConditionMustHold() {
    var holds = Condition.Inboxes.of(List.of("support@ACME.example"));
    var fails = new Condition.Tags(Set.of("q1"));

    assertThat(new Selector(List.of("*"), List.of(holds)).matches(EVENT)).isTrue();
    assertThat(new Selector(List.of("*"), List.of(holds, fails)).matches(EVENT)).isFalse();
    assertThat(new Selector(List.of("contact.*"), List.of(holds)).matches(EVENT)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "example.com, true",
    "EXAMPLE.com, true",
    "mail.example.com, false",
    "com, false",
    "acme.example, false",
  })
  void comparesRecipientDomains(String domain, boolean expected) {
    assertThat(Condition.RecipientDomains.of(List.of("other.example", domain)).holds(EVENT))
        .isEqualTo(expected);
  }

  @Test
  void takesTheDomainAfterTheLastAt() {
    assertThat(Condition.domainOf("\"a@b\"@Example.com")).isEqualTo("example.com");
    assertThat(Condition.domainOf("nobody")).isEmpty();
  }

  @Test
  void tagsAndStreamsKeepTheirCase() {
    assertThat(new Condition.Tags(Set.of("x", "Q1")).holds(EVENT)).isTrue();
    assertThat(new Condition.Tags(Set.of("x", "q1")).holds(EVENT)).isFalse();
    assertThat(new Condition.Streams(Set.of("transactional")).holds(EVENT)).isTrue();
    assertThat(new Condition.Streams(Set.of("Transactional")).holds(EVENT)).isFalse();
  }

  @Test
  void anEventWithoutTheFieldDoesNotMeetTheCondition() {
    var bare =
        EmailEvent.newBuilder()
            .setEventId("evt_2")
            .setTenant("acme")
            .setType("email.sent")
            .setOccurredAt(Instant.EPOCH)
            .setMessageId("msg_2")
            .setRecipient("nobody")
            .build();

    assertThat(Condition.Inboxes.of(List.of("a@b")).holds(bare)).isFalse();
    assertThat(Condition.RecipientDomains.of(List.of("b")).holds(bare)).isFalse();
    assertThat(new Condition.Streams(Set.of("s")).holds(bare)).isFalse();
    assertThat(new Condition.Tags(Set.of("t")).holds(bare)).isFalse();
    assertThat(field("bounce.kind", "hard").holds(bare)).isFalse();
    assertThat(field("metadata.order", "17").holds(bare)).isFalse();
    assertThat(field("inbound.attachments.filename", "a").holds(bare)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "type, email.bounced, true",
    "bounce.kind, hard, true",
    "bounce.kind, Hard, false",
    "bounce.smtp_code, 550, true",
    "bounce.smtp_code, 550.0, true",
    "bounce.smtp_code, 55, false",
    "bounce.queue_time_ms, 1.2e3, true",
    "inbound.spam_score, 2.50, true",
    "bounce.asynchronous, true, true",
    "bounce.asynchronous, false, false",
    "occurred_at, 2026-03-01T12:00:00.000Z, true",
    "occurred_at, 2026-03-01T12:00:01Z, false",
    "recipient, jane.doe@example.com, true",
    "sender, NEWS@acme.example, true",
    "inbound.to, b@X.example, true",
    "inbound.to, c@x.example, false",
    "inbound.attachments.filename, a.pdf, true",
    "inbound.attachments.id, 2, true",
    "inbound.attachments.id, 3, false",
    "metadata.order, 17, true",
    "metadata.order, 17.0, false",
    "metadata.shop.country, DE, true",
    "metadata.shop, DE, false",
    "tags, welcome, true",
    "tags, Welcome, false",
    "delivery.mx_host, mx, false",
  })
  void comparesFields(String path, String accepted, boolean expected) {
    assertThat(field(path, accepted).holds(EVENT)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "nothing",
        "bounce",
        "bounce.",
        "bounce.nothing",
        "bounce.kind.more",
        "metadata",
        "inbound.attachments",
        ".type",
        "type.",
        "tags.0"
      })
  void knowsWhatIsNoField(String path) {
    assertThat(FieldPath.find(path)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "bounce.smtp_code, five",
    "bounce.smtp_code, NaN",
    "bounce.asynchronous, yes",
    "occurred_at, yesterday",
  })
  void knowsWhatAFieldCannotHave(String path, String accepted) {
    assertThat(FieldPath.find(path).orElseThrow().canonical(accepted)).isEmpty();
  }

  @Test
  void distinctPatternsDropWhatAnotherCovers() {
    assertThat(patterns("email.bounced", "email.*", "email.bounced", "contact.x.*", "contact.x.y"))
        .containsExactlyInAnyOrder("email.*", "contact.x.*");
    assertThat(patterns("email.*", "*", "contact.x")).containsExactly("*");
    assertThat(patterns("email", "email.a", "email.a.*"))
        .containsExactlyInAnyOrder("email", "email.a", "email.a.*");
    assertThat(patterns()).isEmpty();
  }

  private static List<String> patterns(String... given) {
    return new Selector(List.of(given)).distinctPatterns();
  }

  private static Condition field(String path, String... accepted) {
    var found = FieldPath.find(path).orElseThrow();
    return new Condition.Field(
        found,
        Set.of(accepted).stream()
            .map(value -> found.canonical(value).orElseThrow())
            .collect(Collectors.toSet()));
  }
}

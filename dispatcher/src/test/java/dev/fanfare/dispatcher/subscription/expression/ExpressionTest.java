package dev.fanfare.dispatcher.subscription.expression;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.schemas.avro.Attachment;
import dev.fanfare.schemas.avro.Bounce;
import dev.fanfare.schemas.avro.EmailEvent;
import dev.fanfare.schemas.avro.Inbound;
import dev.fanfare.schemas.serde.TrustedClasses;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionTest {
  static {
    TrustedClasses.trustOurs(); // a record is copied before anything else of Avro is used
  }

  private static final EmailEvent EVENT =
      EmailEvent.newBuilder()
          .setEventId("evt_1")
          .setTenant("acme")
          .setType("email.bounced")
          .setOccurredAt(Instant.parse("2026-03-01T12:00:00Z"))
          .setMessageId("msg_1")
          .setRecipient("Jane.Doe@Example.COM")
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
                  .setTo(List.of("a@x.example"))
                  .setSpamScore(2.5)
                  .setAttachments(
                      List.of(
                          Attachment.newBuilder().setId("1").setFilename("a.pdf").build(),
                          Attachment.newBuilder().setId("2").build()))
                  .build())
          .build();

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      textBlock =
          """
          event.type == "email.bounced" ; true
          event.type == "email.clicked" ; false
          event.type.startsWith("email.") && event.recipient.endsWith(".COM") ; true
          event.bounce.smtp_code >= 500 && event.bounce.asynchronous ; true
          event.bounce.smtp_code in [421, 451] ; false
          event.bounce.queue_time_ms / 1000 == 1 ; true
          event.inbound.spam_score > 2 ; true
          "Q1" in event.tags ; true
          event.tags.exists(t, t.startsWith("wel")) ; true
          event.tags.all(t, t.size() > 3) ; false
          event.metadata.order == "17" ; true
          event.metadata["shop.country"] == "DE" ; true
          "order" in event.metadata && !("other" in event.metadata) ; true
          event.inbound.attachments.exists(a, a.filename.endsWith(".pdf")) ; true
          event.inbound.attachments.all(a, has(a.filename)) ; false
          event.occurred_at > timestamp("2026-01-01T00:00:00Z") ; true
          event.occurred_at.getHours("Europe/Berlin") == 13 ; true
          has(event.bounce) && !has(event.click) ; true
          event.bounce.kind == "hard" ? event.bounce.smtp_code > 500 : false ; true
          """)
  void asksAnyField(String text, boolean holds) {
    assertThat(compiled(text).holds(EVENT)).isEqualTo(holds);
  }

  /// As with every other condition: what is not there meets none.
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      textBlock =
          """
          event.click.url == "x" ; false
          !(event.click.url == "x") ; false
          event.bounce.mx_host != "x" ; false
          event.metadata["none"] != "x" ; false
          event.click.machine || event.bounce.kind == "hard" ; true
          event.click.machine && event.bounce.kind == "hard" ; false
          """)
  void aFieldThatIsNotThereDecidesNothing(String text, boolean holds) {
    long before = Expression.failures();

    assertThat(compiled(text).holds(EVENT)).isEqualTo(holds);
    assertThat(Expression.failures()).as("that is nobody's fault").isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1 / (event.bounce.smtp_code - 550) > 0",
        "event.tags[7] == 'x'",
        "event.bounce.smtp_code * 9223372036854775807 > 0",
        "timestamp(event.type) > event.occurred_at",
        "int(event.bounce.kind) == 1",
        "event.occurred_at.getHours('Nowhere/None') == 1"
      })
  void whatFailsDoesNotMatchAndIsCounted(String text) {
    var expression = compiled(text);
    long before = Expression.failures();

    assertThat(expression.holds(EVENT)).isFalse();
    assertThat(Expression.failures()).isEqualTo(before + 1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      textBlock =
          """
          event.nope == 1 ; line 1, column 6: undefined field 'nope'
          event.bounce.smtp_code == "550" ; line 1, column 24: found no matching overload
          bounce.kind == "hard" ; line 1, column 1: undeclared reference to 'bounce'
          event.type ; line 1, column 6: expected type 'bool'
          event.type == "a" && ; line 1, column 21: mismatched input
          event.type.matches("(a+)+") ; undeclared reference to 'matches'
          event.type + event.type == "x" ; found no matching overload for '_+_'
          event.tags + event.tags == [] ; found no matching overload for '_+_'
          dyn(event).type == 1 ; undeclared reference to 'dyn'
          event.tags.map(t, t) == [] ; undeclared reference to 'map'
          event.tags.all(t, event.tags.all(u, t == u)) ; must not loop within a loop
          Bounce{kind: "x"} == event.bounce ; must not make records
          `` ; line 1, column 1: mismatched input
          """)
  void whatIsWrongIsToldWithItsPlace(String text, String told) {
    assertThat(faults(text)).anySatisfy(it -> assertThat(it).contains(told));
  }

  @Test
  void everythingThatIsWrongIsToldAtOnce() {
    assertThat(faults("event.nope == 1 && event.type == 3\n || foo(event)"))
        .hasSize(3)
        .anySatisfy(it -> assertThat(it).startsWith("line 1, column 6:"))
        .anySatisfy(it -> assertThat(it).startsWith("line 1, column 31:"))
        .anySatisfy(it -> assertThat(it).startsWith("line 2, column 8:"))
        .allSatisfy(it -> assertThat(it).hasSizeLessThan(400));
  }

  @Test
  void whatCouldCostTooMuchIsRefusedAtTheDoor() {
    var much = joined(12, "event.subject.contains(t)");

    assertThat(faults("event.tags.all(t, " + much + ")"))
        .singleElement()
        .asString()
        .matches("costs up to \\d+ steps; at most 3000 are allowed");
    assertThat(faults("'" + "x".repeat(Expression.LONGEST) + "' == event.type"))
        .containsExactly("must have at most 1024 characters");
    assertThat(faults("(".repeat(400) + "true" + ")".repeat(400)))
        .singleElement()
        .asString()
        .contains("recursion limit");
    assertThat(faults("[".repeat(400) + "]".repeat(400) + " == []"))
        .allSatisfy(it -> assertThat(it).hasSizeLessThan(400));
  }

  /// Whatever passes the door, on the largest events that there are.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "event.tags.all(t, event == event && event.metadata == event.metadata)",
        "event.tags.exists(t, 'a' in event.tags || 'b' in event.tags || 'c' in event.tags)",
        "event.tags.exists(t, event.subject.contains(t) || event.subject.contains('ab' ))",
        "event.metadata.all(k, event.metadata == event.metadata)",
        "event.subject.contains(event.subject) && event.subject.size() > 100"
      })
  void noEventTakesAnExpressionLong(String text) {
    var hostile =
        EmailEvent.newBuilder(EVENT)
            .setSubject("a".repeat(150_000))
            .setTags(IntStream.range(0, 10_000).mapToObj(i -> "tag" + i).toList())
            .setMetadata(
                IntStream.range(0, 10_000)
                    .boxed()
                    .collect(Collectors.toMap(i -> "k" + i, i -> "v" + i)))
            .build();
    var expression = compiled(text);
    expression.holds(hostile);

    long began = System.nanoTime();
    expression.holds(hostile);

    // Tens of milliseconds of one core; the bound leaves room for a machine that is busy.
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void aLoopThatIsTooLongFails() {
    var many =
        EmailEvent.newBuilder(EVENT)
            .setTags(Collections.nCopies(Expression.MOST_ROUNDS + 1, "x"))
            .build();
    long before = Expression.failures();

    assertThat(compiled("event.tags.all(t, t == 'x')").holds(many)).isFalse();
    assertThat(Expression.failures()).isEqualTo(before + 1);
    assertThat(
            compiled("event.tags.all(t, t == 'x')")
                .holds(
                    EmailEvent.newBuilder(EVENT)
                        .setTags(Collections.nCopies(Expression.MOST_ROUNDS, "x"))
                        .build()))
        .isTrue();
  }

  private static String joined(int times, String part) {
    return String.join(" || ", Collections.nCopies(times, part));
  }

  private static Expression compiled(String text) {
    return switch (Expression.compile(text)) {
      case Expression.Compilation.Compiled(var expression) -> expression;
      case Expression.Compilation.Refused(var faults) ->
          throw new AssertionError(text + ": " + faults);
    };
  }

  private static List<String> faults(String text) {
    return switch (Expression.compile(text)) {
      case Expression.Compilation.Compiled(var expression) ->
          throw new AssertionError("compiled: " + expression);
      case Expression.Compilation.Refused(var faults) ->
          faults.stream().map(Expression.Fault::toString).toList();
    };
  }
}

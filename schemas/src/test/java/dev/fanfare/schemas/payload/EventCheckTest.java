package dev.fanfare.schemas.payload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.schemas.avro.EmailEvent;
import dev.fanfare.schemas.catalogue.EventCatalogue;
import dev.fanfare.schemas.serde.TrustedClasses;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EventCheckTest {
  static {
    TrustedClasses.trustOurs();
  }

  private static final EventCheck CHECK = new EventCheck(EventCatalogue.standard());

  static Stream<Arguments> faults() {
    return Stream.of(
        fault(EventFault.INVALID_EVENT_ID, event -> event.setEventId("a.b")),
        fault(EventFault.INVALID_EVENT_ID, event -> event.setEventId("")),
        fault(EventFault.INVALID_EVENT_ID, event -> event.setEventId("x".repeat(65))),
        fault(EventFault.INVALID_TENANT, event -> event.setTenant("a/b")),
        fault(EventFault.UNKNOWN_TYPE, event -> event.setType("email.teleported")),
        fault(EventFault.UNKNOWN_TYPE, event -> event.setType("email.*")),
        fault(
            EventFault.TIME_OUT_OF_RANGE,
            event -> event.setOccurredAt(Instant.ofEpochMilli(Long.MAX_VALUE))),
        fault(EventFault.BLANK_MESSAGE_ID, event -> event.setMessageId(" \t")),
        fault(EventFault.BLANK_RECIPIENT, event -> event.setRecipient("")));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void aFaultIsFound(EventFault expected, Consumer<EmailEvent.Builder> spoil) {
    var event = good();
    spoil.accept(event);

    assertThat(CHECK.faults(event.build())).containsExactly(expected);
  }

  @Test
  void everyFaultIsFoundAtOnce() {
    assertThat(CHECK.faults(new EmailEvent())).containsExactly(EventFault.values());
  }

  @Test
  void aGoodEventHasNone() {
    assertThat(CHECK.faults(good().build())).isEmpty();
    for (var type : EventCatalogue.standard().types()) {
      assertThat(CHECK.faults(RandomEvents.seeded(1).of(type))).isEmpty();
    }
  }

  private static EmailEvent.Builder good() {
    var bounced = EventCatalogue.standard().find("email.bounced").orElseThrow();
    return EmailEvent.newBuilder(bounced.example());
  }

  private static Arguments fault(EventFault fault, Consumer<EmailEvent.Builder> spoil) {
    return Arguments.of(fault, spoil);
  }
}

package dev.fanfare.dispatcher.fanout;

import static dev.fanfare.dispatcher.fanout.Samples.event;
import static dev.fanfare.dispatcher.fanout.Samples.subscription;
import static dev.fanfare.dispatcher.subscription.reading.StoredSubscriptions.NOW;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fanfare.dispatcher.subscription.Condition;
import dev.fanfare.dispatcher.subscription.Selector;
import dev.fanfare.dispatcher.subscription.Status;
import dev.fanfare.schemas.avro.Delivery;
import dev.fanfare.schemas.avro.EmailEvent;
import dev.fanfare.schemas.catalogue.EventCatalogue;
import dev.fanfare.schemas.id.DeliveryId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FanoutTest {
  private static final Duration LIFETIME = Duration.ofHours(24);

  private final SubscriptionIndex index = new SubscriptionIndex();
  private final Fanout fanout = new Fanout(index, EventCatalogue.standard(), 4_096, LIFETIME);

  @Test
  void makesADeliveryForEachThatWantsIt() {
    index.put(subscription("sub_1", "email.*"));
    index.put(subscription("sub_2", "acme", Status.PAUSED, List.of("*"), List.of()));
    index.put(subscription("sub_3", "acme", Status.DISABLED, List.of("*"), List.of()));
    index.put(subscription("sub_4", "email.opened"));
    index.put(subscription("sub_5", "other", Status.ACTIVE, List.of("*"), List.of()));
    index.put(
        subscription(
            "sub_6",
            "acme",
            Status.ACTIVE,
            List.of("*"),
            List.of(new Condition.Tags(Set.of("none")))));

    var made = deliveries(event("evt_1").build(), Optional.of("trace"));

    assertThat(made)
        .extracting(Delivery::getSubscriptionId)
        .containsExactlyInAnyOrder("sub_1", "sub_2");
    assertThat(made)
        .allSatisfy(delivery -> {
          assertThat(delivery.getDeliveryId())
              .isEqualTo(DeliveryId.of("evt_1", delivery.getSubscriptionId()).value());
          assertThat(delivery.getEventId()).isEqualTo("evt_1");
          assertThat(delivery.getTenant()).isEqualTo("acme");
          assertThat(delivery.getType()).isEqualTo("email.bounced");
          assertThat(delivery.getOccurredAt()).isEqualTo(NOW);
          assertThat(delivery.getMessageId()).isEqualTo("msg_1");
          assertThat(delivery.getRecipient()).isEqualTo("jane@example.com");
          assertThat(delivery.getSchemaVersion()).isEqualTo("1.0");
          assertThat(delivery.getCreatedAt()).isEqualTo(NOW.plusSeconds(5));
          assertThat(delivery.getDueAt()).isEqualTo(delivery.getCreatedAt());
          assertThat(delivery.getExpiresAt()).isEqualTo(delivery.getCreatedAt().plus(LIFETIME));
          assertThat(delivery.getAttempts()).isZero();
          assertThat(delivery.getTraceparent()).isEqualTo("trace");
          assertThat(delivery.getReplayId()).isNull();
        });
  }

  @Test
  void rendersOncePerForm() {
    index.put(subscription("sub_1", "*"));
    index.put(subscription("sub_2", "*"));
    index.put(
        subscription(
            "sub_3", "acme", Status.ACTIVE, new Selector(List.of("*")), "cloudevents-structured"));

    var made = deliveries(event("evt_1").build(), Optional.empty());

    var payloads = made.stream().map(Delivery::getPayload).toList();
    assertThat(payloads).hasSize(3);
    assertThat(payloads.stream().map(System::identityHashCode).distinct()).hasSize(2);
    assertThat(made.stream().map(Delivery::getFormat))
        .containsExactlyInAnyOrder("standard", "standard", "cloudevents-structured");
    assertThat(UTF_8.decode(payloads.getFirst().duplicate()).toString())
        .contains("\"evt_1\"")
        .contains("email.bounced");
  }

  @Test
  void nobodyWantsItIsNoFault() {
    assertThat(deliveries(event("evt_1").build(), Optional.empty())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"event_id", "tenant", "type", "message_id", "recipient"})
  void rejectsWhatIsNoEvent(String field) {
    var builder = event("evt_1");
    switch (field) {
      case "event_id" -> builder.setEventId("evt.1");
      case "tenant" -> builder.setTenant("a/b");
      case "type" -> builder.setType("email.exploded");
      case "message_id" -> builder.setMessageId(" ");
      case "recipient" -> builder.setRecipient("");
      default -> throw new AssertionError(field);
    }

    assertThat(rejection(builder.build()).detail()).startsWith(field + " ");
    assertThat(rejection(builder.build()).reason()).endsWith(field);
  }

  @Test
  void rejectsWhatWouldBeTooLarge() {
    index.put(subscription("sub_1", "*"));
    var large = event("evt_1").setSubject("x".repeat(5_000)).build();

    assertThat(rejection(large).reason()).isEqualTo(Rejection.PAYLOAD_TOO_LARGE);
  }

  @Test
  void aLargeEventThatNobodyWantsIsNoFault() {
    var large = event("evt_1").setSubject("x".repeat(5_000)).build();

    assertThat(deliveries(large, Optional.empty())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01, true",
    "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more, true",
    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more, false",
    "00-00000000000000000000000000000000-00f067aa0ba902b7-01, false",
    "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01, false",
    "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01, false",
    "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01, false",
    "'00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\nx: y', false",
    "'', false",
  })
  void takesAWellFormedTraceparent(String text, boolean taken) {
    Headers headers = new RecordHeaders().add(Traceparent.HEADER, text.getBytes(UTF_8));

    assertThat(Traceparent.of(headers)).isEqualTo(taken ? Optional.of(text) : Optional.empty());
  }

  @Test
  void settingsAreChecked() {
    var wrong =
        List.<Runnable>of(
            () -> settings(Duration.ZERO, 1, 4_096, LIFETIME),
            () -> settings(Duration.ofMillis(25), 0, 4_096, LIFETIME),
            () -> settings(Duration.ofMillis(25), 1, 100, LIFETIME),
            () -> settings(Duration.ofMillis(25), 1, 4_096, Duration.ZERO));

    assertThat(wrong)
        .allSatisfy(each -> assertThatIllegalArgumentException().isThrownBy(each::run));
  }

  private static void settings(
      Duration commitInterval, int threads, int maxPayloadBytes, Duration lifetime) {
    var _ =
        new FanoutSettings(
            FanoutSettings.Guarantee.EXACTLY_ONCE,
            commitInterval,
            threads,
            maxPayloadBytes,
            lifetime,
            Deduplication.OFF);
  }

  private List<Delivery> deliveries(EmailEvent event, Optional<String> traceparent) {
    var made = new ArrayList<Delivery>();
    switch (fanout.plan(event)) {
      case Fanout.Plan.Deliveries plan -> plan.deliver(NOW.plusSeconds(5), traceparent, made::add);
      case Fanout.Plan.Rejected(Rejection rejection) -> throw new AssertionError(rejection);
    }
    return made;
  }

  private Rejection rejection(EmailEvent event) {
    return switch (fanout.plan(event)) {
      case Fanout.Plan.Deliveries plan -> throw new AssertionError(plan);
      case Fanout.Plan.Rejected(Rejection rejection) -> rejection;
    };
  }
}

package dev.fanfare.retry.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.schemas.avro.Delivery;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RedeliveryTest {
  private static final Instant NOW = Instant.parse("2026-11-24T06:00:00.123456Z");
  private static final Duration LIFE = Duration.ofHours(24);
  private static final Delivery ORIGIN =
      Delivery.newBuilder(Letters.delivery("sub_1", 1).build()).setAttempts(12).build();

  @Test
  void hasALifeOfItsOwnAndTheSameEvent() {
    var again = Redelivery.again(ORIGIN, "rpl_1", NOW, LIFE);
    assertThat(again.getEventId()).isEqualTo(ORIGIN.getEventId());
    assertThat(again.getPayload()).isEqualTo(ORIGIN.getPayload());
    assertThat(again.getAttempts()).isZero();
    assertThat(again.getCreatedAt()).isEqualTo("2026-11-24T06:00:00.123Z");
    assertThat(again.getDueAt()).isEqualTo(again.getCreatedAt());
    assertThat(again.getExpiresAt()).isEqualTo(again.getCreatedAt().plus(LIFE));
    assertThat(again.getReplayId()).isEqualTo("rpl_1");
    assertThat(again.getOriginDeliveryId()).isEqualTo(ORIGIN.getDeliveryId());
  }

  @Test
  void isNamedAfterJobAndOrigin() {
    var one = Redelivery.again(ORIGIN, "rpl_1", NOW, LIFE).getDeliveryId();
    assertThat(Redelivery.again(ORIGIN, "rpl_1", NOW.plusSeconds(9), LIFE).getDeliveryId())
        .isEqualTo(one)
        .isNotEqualTo(ORIGIN.getDeliveryId());
    assertThat(Redelivery.again(ORIGIN, "rpl_2", NOW, LIFE).getDeliveryId()).isNotEqualTo(one);
  }

  @Test
  void pointsToTheVeryFirstHoweverOftenItWasReplayed() {
    var again = Redelivery.again(ORIGIN, "rpl_1", NOW, LIFE);
    var third = Redelivery.again(again, "rpl_2", NOW, LIFE);
    assertThat(third.getOriginDeliveryId()).isEqualTo(ORIGIN.getDeliveryId());
    assertThat(third.getDeliveryId()).isNotEqualTo(again.getDeliveryId());
  }

  @Test
  void isAFirstDeliveryWhenItIsABackfill() {
    var first = Redelivery.first(ORIGIN, "rpl_1", NOW, LIFE);
    assertThat(first.getOriginDeliveryId()).isNull();
    assertThat(first.getReplayId()).isEqualTo("rpl_1");
    assertThat(first.getDeliveryId())
        .isEqualTo(Redelivery.again(ORIGIN, "rpl_1", NOW, LIFE).getDeliveryId());
  }

  @Test
  void tellsTheBeginningFromWhatComesBack() {
    var made = Letters.delivery("sub_1", 1).build();
    assertThat(Redelivery.isBeginning(made)).isTrue();
    var deferred = Delivery.newBuilder(made).setDueAt(made.getDueAt().plusMillis(1)).build();
    assertThat(Redelivery.isBeginning(deferred)).isFalse();
    assertThat(Redelivery.isBeginning(Delivery.newBuilder(made).setAttempts(1).build())).isFalse();
  }
}

package dev.fanfare.dispatcher.delivery.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.dispatcher.delivery.outcome.Outcome.Dead;
import dev.fanfare.dispatcher.delivery.outcome.Outcome.Deferred;
import dev.fanfare.dispatcher.subscription.Status;
import dev.fanfare.retry.deadletter.DeadLetterReason;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class AdmissionTest {
  private static final Instant CREATED = Instant.parse("2026-05-01T12:00:00Z");
  private static final Instant EXPIRES = CREATED.plus(Duration.ofDays(1));
  private static final Waiting DELIVERY = new Waiting(0, CREATED, EXPIRES);

  @Test
  void letsTheDeliveriesOfAnActiveSubscriptionPass() {
    assertThat(of(Optional.of(Status.ACTIVE), DELIVERY, CREATED)).isEmpty();
    assertThat(of(Optional.of(Status.ACTIVE), DELIVERY, EXPIRES.minusMillis(1))).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Status.class)
  void attemptsNothingOnceItHasExpired(Status status) {
    assertThat(of(Optional.of(status), DELIVERY, EXPIRES))
        .contains(new Dead(DeadLetterReason.EXPIRED));
  }

  @Test
  void deadLettersWhatWaitsForADisabledSubscription() {
    assertThat(of(Optional.of(Status.DISABLED), DELIVERY, CREATED))
        .contains(new Dead(DeadLetterReason.ENDPOINT_DISABLED));
  }

  @Test
  void waitsForASubscriptionThatThisProcessMayNotHaveReadYet() {
    var lag = CREATED.plus(Admission.TABLE_LAG);

    assertThat(of(Optional.empty(), DELIVERY, lag.minusMillis(1)))
        .contains(new Deferred(lag.minusMillis(1).plus(Admission.LOOK_AGAIN)));
    assertThat(of(Optional.empty(), DELIVERY, lag))
        .contains(new Dead(DeadLetterReason.ENDPOINT_DELETED));
  }

  @ParameterizedTest
  @CsvSource({"0,5", "8,5", "10,5", "60,30", "600,300", "1200,600", "7200,600"})
  void looksAtAPausedDeliveryAfterHalfItsAge(long ageSeconds, long waitSeconds) {
    var now = CREATED.plusSeconds(ageSeconds);

    assertThat(of(Optional.of(Status.PAUSED), DELIVERY, now))
        .contains(new Deferred(now.plusSeconds(waitSeconds)));
  }

  @Test
  void whatDiesOfADisabledOneSaysWhyItWasDisabled() {
    assertThat(Admission.of(Optional.of(Status.DISABLED), DeadLetterReason.GONE, DELIVERY, CREATED))
        .contains(new Dead(DeadLetterReason.GONE));
  }

  private static Optional<Outcome> of(Optional<Status> status, Waiting delivery, Instant now) {
    return Admission.of(status, DeadLetterReason.ENDPOINT_DISABLED, delivery, now);
  }
}

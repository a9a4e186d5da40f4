package dev.fanfare.retry.replay;

import static dev.fanfare.retry.replay.Letters.BEGAN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.retry.deadletter.Fingerprint;
import dev.fanfare.schemas.avro.DeadLetter;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplayFilterTest {
  private static final DeadLetter LETTER =
      Letters.letter(
          Letters.delivery("sub_1", 1).build(), "gone", 410, "bye", BEGAN.plusSeconds(9));

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          subscription, sub_1,             true
          subscription, sub_2,             false
          tenant,       acme,              true
          tenant,       other,             false
          type,         email.bounced,     true
          type,         email.*,           true
          type,         email.bounce,      false
          type,         *,                 true
          type,         emailx.*,          false
          reason,       gone,              true
          reason,       expired,           false
          recipient,    Ann@Example.com,   true
          recipient,    bob@example.com,   false
          """)
  void selectsByEachField(String field, String value, boolean selected) {
    assertThat(filter(field, value).matches(LETTER)).isEqualTo(selected);
  }

  @Test
  void selectsByIdAndFingerprint() {
    var id = LETTER.getDelivery().getDeliveryId();
    assertThat(filter("id", id).matches(LETTER)).isTrue();
    assertThat(filter("id", "dlv_other").matches(LETTER)).isFalse();
    assertThat(filter("fingerprint", Fingerprint.of(LETTER).value()).matches(LETTER)).isTrue();
    assertThat(filter("fingerprint", "0123456789abcdef").matches(LETTER)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"9,10,true", "9,9,false", "10,20,false", "0,9,false", "0,10,true"})
  void takesSinceAndLeavesUntil(long since, long until, boolean selected) {
    var filter = times(BEGAN.plusSeconds(since), BEGAN.plusSeconds(until));
    assertThat(filter.matches(LETTER)).isEqualTo(selected);
  }

  @Test
  void meansTheTimeOfCreationOfADelivery() {
    var delivery = LETTER.getDelivery();
    assertThat(times(BEGAN, BEGAN.plusMillis(1)).matches(delivery)).isTrue();
    assertThat(times(BEGAN.plusMillis(1), BEGAN.plusSeconds(20)).matches(delivery)).isFalse();
  }

  @Test
  void selectsEverythingWhenNothingIsSaid() {
    assertThat(ReplayFilter.ALL.matches(LETTER)).isTrue();
    assertThat(ReplayFilter.ALL.matches(LETTER.getDelivery())).isTrue();
  }

  private static ReplayFilter times(Instant since, Instant until) {
    return new ReplayFilter(
        Optional.empty(),
        Optional.empty(),
        Set.of(),
        Optional.of(since),
        Optional.of(until),
        Optional.empty(),
        Set.of(),
        Optional.empty(),
        Optional.empty(),
        Set.of());
  }

  private static ReplayFilter filter(String field, String value) {
    return new ReplayFilter(
        only(field, "subscription", value),
        only(field, "tenant", value),
        set(field, "type", value),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        set(field, "reason", value),
        only(field, "fingerprint", value).map(Fingerprint::new),
        only(field, "recipient", value),
        set(field, "id", value));
  }

  private static Optional<String> only(String field, String name, String value) {
    return Optional.of(value).filter(_ -> field.equals(name));
  }

  private static Set<String> set(String field, String name, String value) {
    return field.equals(name) ? Set.of(value) : Set.of();
  }
}

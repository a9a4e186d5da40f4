package dev.fanfare.schemas.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdsTest {
  @ParameterizedTest
  @ValueSource(strings = {"a", "evt_01J-x", "-_-", "0123456789"})
  void lettersDigitsUnderscoreAndHyphenAreAnId(String value) {
    assertThat(new EventId(value)).hasToString(value);
    assertThat(new TenantId(value)).hasToString(value);
    assertThat(new SubscriptionId(value)).hasToString(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a.b", "a b", "é", "a\n", "a/b", "\u0430", "a\u0000"})
  void anythingElseIsNot(String value) {
    assertThatIllegalArgumentException().isThrownBy(() -> new EventId(value));
    assertThatIllegalArgumentException().isThrownBy(() -> new TenantId(value));
    assertThatIllegalArgumentException().isThrownBy(() -> new SubscriptionId(value));
  }

  @Test
  void sixtyFourCharactersAreTheMost() {
    assertThat(EventId.isValid("x".repeat(64))).isTrue();
    assertThat(EventId.isValid("x".repeat(65))).isFalse();
  }

  @Test
  void aMessageShowsABoundedPartWithoutControlCharacters() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new EventId("\u001b[31m" + "x".repeat(10_000)))
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(200).doesNotContain("\u001b"));
  }

  /// Computed apart with `printf evt_1.sub_1 | sha256sum`: the id is part of what others rely on.
  @Test
  void aDeliveryIdIsTheSameForEverAndEverywhere() {
    assertThat(DeliveryId.of(new EventId("evt_1"), new SubscriptionId("sub_1")))
        .hasToString("dlv_298feddf27f1603ccd7f1431808ab6b2");
  }

  @Test
  void noTwoPairsShareADelivery() {
    var seen = new HashSet<DeliveryId>();
    for (var event : new String[] {"a", "ab", "a-b", "b"}) {
      for (var subscription : new String[] {"a", "b", "b-a", "ba"}) {
        seen.add(DeliveryId.of(event, subscription));
      }
    }
    assertThat(seen).hasSize(16);
  }
}

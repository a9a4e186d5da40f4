package dev.fanfare.schemas.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadFormatTest {
  @ParameterizedTest
  @ValueSource(strings = {"standard", "cloudevents-binary", "cloudevents-structured"})
  void isKnownByItsCode(String code) {
    assertThat(PayloadFormat.of(code).code()).isEqualTo(code);
  }

  @Test
  void anyOtherCodeIsRefusedWithTheChoices() {
    assertThat(PayloadFormat.find("Standard")).isEmpty();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PayloadFormat.of("xml"))
        .withMessageContaining("standard, cloudevents-binary, cloudevents-structured");
  }
}

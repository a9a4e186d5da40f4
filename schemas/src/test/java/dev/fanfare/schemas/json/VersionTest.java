package dev.fanfare.schemas.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VersionTest {
  @Test
  void isOrderedByNumberNotByText() {
    assertThat(Version.of("1.10")).isGreaterThan(Version.of("1.9"));
    assertThat(Version.of("2.0")).isGreaterThan(Version.of("1.10"));
    assertThat(Version.of("1.0")).isEqualTo(Version.FIRST).hasToString("1.0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "1.", ".0", "1.0.0", "01.0", "1.x", "-1.0", "1.0 ", "99999.0"})
  void anythingButTwoNumbersIsRefused(String text) {
    assertThat(Version.find(text)).isEmpty();
    assertThatIllegalArgumentException().isThrownBy(() -> Version.of(text));
  }
}

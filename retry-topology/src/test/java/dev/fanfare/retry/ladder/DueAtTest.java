package dev.fanfare.retry.ladder;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DueAtTest {
  @ParameterizedTest
  @ValueSource(longs = {0, 1, -1, 1_772_366_400_123L, Long.MAX_VALUE, Long.MIN_VALUE})
  void comesBack(long millis) {
    var dueAt = Instant.ofEpochMilli(millis);
    assertThat(DueAt.decode(DueAt.encode(dueAt))).contains(dueAt);
  }

  @Test
  void isEightBytesBigEndian() {
    assertThat(DueAt.encode(Instant.ofEpochMilli(0x0102030405L)))
        .containsExactly(0, 0, 0, 1, 2, 3, 4, 5);
  }

  @Test
  void isRoundedUpSoThatNothingIsDueEarly() {
    var dueAt = Instant.parse("2026-03-01T12:00:00.000000001Z");
    assertThat(DueAt.decode(DueAt.encode(dueAt)))
        .contains(Instant.parse("2026-03-01T12:00:00.001Z"));
  }

  @Test
  void anythingElseIsNone() {
    assertThat(DueAt.decode(null)).isEmpty();
    assertThat(DueAt.decode(new byte[0])).isEmpty();
    assertThat(DueAt.decode(new byte[7])).isEmpty();
    assertThat(DueAt.decode(new byte[9])).isEmpty();
  }
}

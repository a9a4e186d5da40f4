package dev.fanfare.schemas.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimestampsTest {
  @ParameterizedTest
  @CsvSource({
    "2026-01-02T03:04:05.678Z, 2026-01-02T03:04:05.678Z",
    "2026-01-02T03:04:05Z, 2026-01-02T03:04:05.000Z",
    "1969-12-31T23:59:59.999Z, 1969-12-31T23:59:59.999Z",
    "2024-02-29T12:00:00.001999999Z, 2024-02-29T12:00:00.001Z",
    "0000-01-01T00:00:00Z, 0000-01-01T00:00:00.000Z",
    "+10000-01-01T00:00:00Z, 9999-12-31T23:59:59.999Z",
    "-0001-12-31T23:59:59Z, 0000-01-01T00:00:00.000Z",
  })
  void isWrittenToTheMillisecondInFourDigitYears(Instant time, String text) {
    assertThat(Timestamps.text(time)).isEqualTo(text);
  }

  @Test
  void everyMillisecondReadsBackAsItself() {
    var random = new Random(1);
    for (int i = 0; i < 10_000; i++) {
      var time =
          Instant.ofEpochMilli(
              random.nextLong(
                  Timestamps.EARLIEST.toEpochMilli(), Timestamps.LATEST.toEpochMilli() + 1));
      assertThat(Instant.parse(Timestamps.text(time))).isEqualTo(time);
    }
  }

  @Test
  void whatWouldNotReadBackIsNotWritable() {
    assertThat(Timestamps.isWritable(Timestamps.LATEST)).isTrue();
    assertThat(Timestamps.isWritable(Timestamps.LATEST.plusMillis(1))).isFalse();
    assertThat(Timestamps.isWritable(Timestamps.EARLIEST.minusMillis(1))).isFalse();
    assertThat(Timestamps.isWritable(Instant.ofEpochMilli(Long.MAX_VALUE))).isFalse();
  }
}

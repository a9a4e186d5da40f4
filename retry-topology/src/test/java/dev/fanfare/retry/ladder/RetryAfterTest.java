package dev.fanfare.retry.ladder;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0                                 | 2026-03-01T12:00:00Z",
        "2                                 | 2026-03-01T12:00:02Z",
        "120                               | 2026-03-01T12:02:00Z",
        "007                               | 2026-03-01T12:00:07Z",
        "Sun, 01 Mar 2026 12:30:00 GMT     | 2026-03-01T12:30:00Z",
        "Sunday, 01-Mar-26 12:30:00 GMT    | 2026-03-01T12:30:00Z",
        "Sun Mar  1 12:30:00 2026          | 2026-03-01T12:30:00Z",
        "Tue Mar 31 23:59:60 2026          | 2026-04-01T00:00:00Z",
        "Wed, 01 Apr 2026 00:00:00 GMT     | 2026-04-01T00:00:00Z",
      })
  void readsSecondsAndTheThreeFormsOfDate(String value, Instant expected) {
    assertThat(RetryAfter.at(value, NOW)).contains(expected);
    assertThat(RetryAfter.at(" " + value + "\t", NOW)).contains(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        "Sunday, 01-Mar-77 12:30:00 GMT", // more than fifty years ahead: 1977
        "Mon, 01 Jan 0001 00:00:00 GMT"
      })
  void thePastIsNow(String value) {
    assertThat(RetryAfter.at(value, NOW)).contains(NOW);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "999999999",
        "1000000000",
        "9223372036854775807",
        "99999999999999999999999999999999999999999999999999999999999999999999999999999999",
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "Sunday, 01-Mar-76 12:30:00 GMT" // fifty years ahead: 2076
      })
  void theAbsurdIsBounded(String value) {
    assertThat(RetryAfter.at(value, NOW)).contains(NOW.plus(RetryAfter.LONGEST));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "-1",
        "+1",
        "1.5",
        "1e3",
        "0x10",
        "٣",
        "1 2",
        "soon",
        "2026-03-01T12:30:00Z",
        "Sun, 01 Mar 2026 12:30:00 CET",
        "Sun, 01 Mar 2026 12:30:00",
        "Sun, 1 Mar 2026 12:30:00 GMT",
        "Sun, 01 Mär 2026 12:30:00 GMT",
        "sun, 01 mar 2026 12:30:00 gmt",
        "Tue, 31 Feb 2026 12:30:00 GMT",
        "Sun, 01 Mar 2026 25:30:00 GMT",
        "Sun, 01 Mar 2026 12:30:61 GMT"
      })
  void anythingElseIsAsGoodAsNone(String value) {
    assertThat(RetryAfter.at(value, NOW)).isEmpty();
  }

  @Test
  void aHugeValueIsNotAProblem() {
    assertThat(RetryAfter.at("x".repeat(1 << 20), NOW)).isEmpty();
    assertThat(RetryAfter.at("9".repeat(1 << 20), NOW)).contains(NOW.plus(RetryAfter.LONGEST));
  }
}

package dev.fanfare.retry.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FingerprintTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          order 17 unknown                               | order 8734511 unknown
          id 3f2504e0-4f89-11d3-9a0c-0305e82c3301        | id deadbeef-cafe-babe-face-abcdefabcdef
          at 2026-11-24T06:14:14.123Z: no                | at 2025-01-02 03:04: no
          at 2026-11-24T06:14:14+01:00, no               | at 2025-01-02, no
          Date: Tue, 24 Nov 2026 06:14:14 GMT            | Date: Fri, 1 May 2026 23:59:59 GMT
          since Nov 24 06:14                             | since Mon January 3 07:00
          no such event evt_4ah7c                        | no such event evt_zz9
          trace 4bf92f3577b34da6a3ce929d0e0e4736         | trace abcdefabcdefabcd
          Internal   Server error                        | internal server Error
          peer 10.0.0.17:8443                            | peer 192.168.1.2:80
          """)
  void isTheSameForAnswersThatDifferInWhatVariesOnly(String one, String other) {
    assertThat(of(500, one)).isEqualTo(of(500, other));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          order unknown               | customer unknown
          evt_17 unknown              | order_17 unknown
          you may 1 retry             | you will 1 retry
          java.lang.NullPointerException | java.lang.IllegalStateException
          {"error":"db"}              | {"error":"cache"}
          """)
  void differsWhereWordsDiffer(String one, String other) {
    assertThat(of(500, one)).isNotEqualTo(of(500, other));
  }

  @Test
  void differsByStatusAndErrorAndWhetherAnAnswerCame() {
    assertThat(
            Stream.of(
                of(500, ""),
                of(502, ""),
                Fingerprint.of(Optional.of(500), Optional.empty(), Optional.empty()),
                Fingerprint.of(Optional.empty(), Optional.of("timeout"), Optional.empty()),
                Fingerprint.of(Optional.empty(), Optional.of("dns"), Optional.empty()),
                Fingerprint.of(Optional.empty(), Optional.empty(), Optional.empty())))
        .doesNotHaveDuplicates();
  }

  @Test
  void looksAtTheBeginningOnly() {
    var head = "the database is away ".repeat(20);
    assertThat(of(500, head + "x")).isEqualTo(of(500, head + "and something else"));
  }

  @Test
  void takesWhatIsNoTextForNoBody() {
    var one = Fingerprint.normalised(ByteBuffer.wrap(new byte[] {31, -117, 8, 0, 0, 1}));
    assertThat(one).isEmpty();
  }

  @Test
  void staysWhatItIsOverVersions() {
    // Given: what was computed when filters with fingerprints were first stored
    assertThat(of(500, "{\"error\": \"db down\", \"request_id\": \"req_8f2c\"}"))
        .hasToString("4918c20f455e7d2a");
    assertThat(Fingerprint.of(Optional.empty(), Optional.of("timeout"), Optional.empty()))
        .hasToString("213460370c8ad0b5");
  }

  @Test
  void leavesTheBodyUnread() {
    var body = ByteBuffer.wrap("abc".getBytes(UTF_8));
    var _ = Fingerprint.of(Optional.of(500), Optional.empty(), Optional.of(body));
    assertThat(body.remaining()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({"1", "a", "-", "' '", "1a-", "2026-11-24", "'nov '", "'mon, '"})
  void isQuickOnHostileText(String piece) {
    var body = ByteBuffer.wrap(piece.repeat(4_096).getBytes(UTF_8));
    assertTimeoutPreemptively(Duration.ofSeconds(20), () -> Fingerprint.normalised(body));
  }

  @ParameterizedTest
  @CsvSource({"''", "abc", "0123456789abcdeF", "0123456789abcdef0"})
  void refusesWhatIsNoFingerprint(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> new Fingerprint(text));
  }

  private static Fingerprint of(int status, String body) {
    return Fingerprint.of(
        Optional.of(status), Optional.empty(), Optional.of(ByteBuffer.wrap(body.getBytes(UTF_8))));
  }
}

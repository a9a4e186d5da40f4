package dev.fanfare.dispatcher.api.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class BodyBudgetTest {
  private static final int KIB = 1024;
  private final BodyBudget budget = new BodyBudget(4 * KIB, 12 * KIB);

  @Test
  void readsWhatFits() {
    try (var share = budget.share()) {
      assertThat(share.read(bytes(4 * KIB), OptionalLong.of(4 * KIB))).hasSize(4 * KIB);
    }
  }

  @Test
  void refusesWhatSaysOrTurnsOutToBeTooLong() {
    try (var share = budget.share()) {
      assertStatus(413, share, bytes(1), OptionalLong.of(4 * KIB + 1));
      assertStatus(413, share, bytes(4 * KIB + 1), OptionalLong.empty());
    }
  }

  @Test
  void refusesWhatIsTooMuchTogetherUntilSomethingEnds() {
    try (var one = budget.share()) {
      assertThat(one.read(bytes(4 * KIB), OptionalLong.empty())).isNotEmpty();
      try (var other = budget.share();
          var third = budget.share()) {
        assertThat(other.read(bytes(4 * KIB), OptionalLong.empty())).isNotEmpty();
        assertStatus(503, third, bytes(4 * KIB), OptionalLong.empty());
      }
      try (var third = budget.share()) {
        assertThat(third.read(bytes(4 * KIB), OptionalLong.empty())).isNotEmpty();
      }
    }
  }

  @Test
  void aContentThatBreaksOffIsTheClientsFault() throws IOException {
    var broken = InputStream.nullInputStream();
    broken.close();
    try (var share = budget.share()) {
      assertStatus(400, share, broken, OptionalLong.empty());
    }
  }

  private static void assertStatus(
      int status, BodyBudget.Share share, InputStream in, OptionalLong announced) {
    assertThatThrownBy(() -> share.read(in, announced))
        .isInstanceOfSatisfying(
            ApiProblem.class, e -> assertThat(e.problem().status()).isEqualTo(status));
  }

  private static InputStream bytes(int count) {
    return new ByteArrayInputStream(new byte[count]);
  }
}

package dev.fanfare.testkit.seed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SeedsTest {
  @Test
  void areTheSameButForOne() {
    var first = Seeds.fixed(3).toArray();
    var second = Seeds.fixed(3).toArray();

    assertThat(first).hasSize(4).startsWith(0, 1, 2);
    assertThat(second).startsWith(0, 1, 2);
    assertThat(first[3]).isNotEqualTo(second[3]); // two of 2^64
  }
}

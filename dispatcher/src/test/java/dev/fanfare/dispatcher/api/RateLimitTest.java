package dev.fanfare.dispatcher.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RateLimitTest {
  private static final long SECOND = 1_000_000_000;

  @Test
  void admitsTheRateAndAsManyAgainAtOnce() {
    var limit = new RateLimit(10);
    long admitted = 0;
    for (long now = 0; now < 100 * SECOND; now += SECOND / 100) {
      admitted += limit.admits("a", now) ? 1 : 0;
    }

    assertThat(admitted).isBetween(1_010L, 1_020L);
    assertThat(limit.admits("b", 100 * SECOND)).isTrue();
  }

  @Test
  void aTimeThatStandsStillGivesNothing() {
    var limit = new RateLimit(1);

    assertThat(limit.admits("a", 5)).isTrue();
    assertThat(limit.admits("a", 5)).isTrue();
    assertThat(limit.admits("a", 5)).isFalse();
  }

  @Test
  void whoIsSpentIsSoForAWhile() {
    var limit = new RateLimit(1);
    assertThat(limit.isSpent("a", 0)).as("not seen yet").isFalse();
    assertThat(limit.admits("a", 0)).isTrue();
    assertThat(limit.isSpent("a", 0)).isFalse();
    assertThat(limit.admits("a", 0)).isTrue();

    assertThat(limit.isSpent("a", 0)).isTrue();
    assertThat(limit.isSpent("a", SECOND / 2)).isTrue();
    assertThat(limit.isSpent("a", SECOND)).isFalse();
    assertThat(new RateLimit(0).isSpent("a", 0)).as("no limit").isFalse();
  }

  @Test
  void forgetsWhoWasNotSeenForLongest() {
    var limit = new RateLimit(1);
    for (int i = 0; i < 2; i++) {
      assertThat(limit.admits("early", 0)).isTrue();
    }
    for (int i = 0; i < 9_999; i++) {
      limit.admits("other-" + i, 0);
    }
    assertThat(limit.admits("early", 0)).as("still known").isFalse();

    for (int i = 0; i < 10_000; i++) {
      limit.admits("another-" + i, 0);
    }
    assertThat(limit.admits("early", 0)).as("forgotten").isTrue();
  }

  @Test
  void noneIsNoLimit() {
    var limit = new RateLimit(0);

    for (int i = 0; i < 1_000; i++) {
      assertThat(limit.admits("a", 0)).isTrue();
    }
  }
}

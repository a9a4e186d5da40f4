package dev.fanfare.retry.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.retry.ladder.DelayLadder;
import dev.fanfare.retry.ladder.Rung;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HopTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  @ParameterizedTest
  @CsvSource({"-60000, ", "-1, ", "0, ", "1, 1s", "4000, 1s", "30000, 30s", "86400000, 7h"})
  void releasesWhatIsDueAndSendsTheRestDown(long dueInMillis, String rung) {
    var stay = new Stay(NOW.minusSeconds(5), Optional.of(NOW.plusMillis(dueInMillis)));
    assertThat(Hop.of(stay, DelayLadder.DEFAULT, NOW))
        .isEqualTo(rung == null ? new Hop.Release() : new Hop.Descend(Rung.of(rung)));
  }

  @Test
  void releasesWhatDoesNotSayWhenItIsDue() {
    var stay = new Stay(NOW.minusSeconds(5), Optional.empty());
    assertThat(Hop.of(stay, DelayLadder.DEFAULT, NOW)).isEqualTo(new Hop.Release());
  }
}

package dev.fanfare.retry.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.fanfare.retry.replay.Orders.Hold;
import dev.fanfare.retry.replay.ReplayState.Planned;
import dev.fanfare.retry.replay.ReplayState.Running;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplayStateTest {
  private static final Progress HALF =
      Progress.begin(10, 0, Map.of(0, 5L), Map.of(0, 15L)).moved(5, 0, Map.of(0, 10L));
  private static final Progress WHOLE = HALF.moved(5, 0, Map.of(0, 15L));

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          planned,   NONE,   false, planned
          planned,   RESUME, false, planned
          planned,   PAUSE,  false, paused
          planned,   PAUSE,  true,  cancelled
          running,   NONE,   false, running
          running,   RESUME, false, running
          running,   PAUSE,  false, paused
          running,   RESUME, true,  cancelled
          paused,    NONE,   false, paused
          paused,    PAUSE,  false, paused
          paused,    RESUME, false, running
          paused,    RESUME, true,  cancelled
          finished,  PAUSE,  true,  finished
          cancelled, RESUME, false, cancelled
          failed,    RESUME, true,  failed
          """)
  void heedsWhatIsAsked(String state, Hold hold, boolean cancel, String then) {
    assertThat(of(state).heed(new Orders(hold, cancel)).word()).isEqualTo(then);
  }

  @Test
  void goesOnWhereItWasPaused() {
    assertThat(new Running(HALF).pause().resume()).isEqualTo(new Running(HALF));
    assertThat(new Planned().pause().resume()).isEqualTo(new Planned());
  }

  @Test
  void finishesOnlyWhenEverythingIsRead() {
    assertThat(new Running(WHOLE).finish().progress()).isEqualTo(WHOLE);
    assertThatIllegalStateException().isThrownBy(() -> new Running(HALF).finish());
  }

  @ParameterizedTest
  @CsvSource({
    "planned,false",
    "running,false",
    "paused,false",
    "finished,true",
    "cancelled,true",
    "failed,true"
  })
  void knowsWhetherAnythingWillHappen(String state, boolean over) {
    assertThat(of(state).isOver()).isEqualTo(over);
  }

  private static ReplayState of(String word) {
    return switch (word) {
      case "planned" -> new Planned();
      case "running" -> new Running(HALF);
      case "paused" -> new Running(HALF).pause();
      case "finished" -> new Running(WHOLE).finish();
      case "cancelled" -> new Running(HALF).cancel();
      default -> new Running(HALF).fail("no");
    };
  }
}

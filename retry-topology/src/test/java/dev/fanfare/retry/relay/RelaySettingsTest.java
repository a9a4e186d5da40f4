package dev.fanfare.retry.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fanfare.schemas.topic.Topics;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RelaySettingsTest {
  @ParameterizedTest
  @CsvSource({
    "'', 1, 1048576, PT1S, PT1S, PT0S, PT1S, instance",
    "a b, 1, 1048576, PT1S, PT1S, PT0S, PT1S, instance",
    "a, 0, 1048576, PT1S, PT1S, PT0S, PT1S, batchRecords",
    "a, 100001, 1048576, PT1S, PT1S, PT0S, PT1S, batchRecords",
    "a, 1, 1048575, PT1S, PT1S, PT0S, PT1S, bufferBytes",
    "a, 1, 1048576, PT0S, PT1S, PT0S, PT1S, idlePoll",
    "a, 1, 1048576, PT1S, PT-1S, PT0S, PT1S, lookAhead",
    "a, 1, 1048576, PT1S, PT1S, PT2S, PT1S, transferInterval",
    "a, 1, 1048576, PT1S, PT1S, PT0S, PT0S, closeTimeout",
  })
  void namesWhatIsOutOfBounds(
      String instance,
      int batch,
      long buffer,
      Duration idle,
      Duration ahead,
      Duration interval,
      Duration close,
      String named) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RelaySettings(instance, batch, buffer, idle, ahead, interval, close))
        .withMessageContaining(named);
  }

  @Test
  void whatExactlyOnceNeedsCanNotBeConfiguredAway() {
    var given =
        Map.<String, Object>of(
            "isolation.level",
            "read_uncommitted",
            "enable.auto.commit",
            true,
            "group.id",
            "x",
            "session.timeout.ms",
            7_000);
    assertThat(clients(given).consumerConfiguration())
        .containsEntry("isolation.level", "read_committed")
        .containsEntry("enable.auto.commit", false)
        .containsEntry("group.id", "fanfare.relay")
        .containsEntry("session.timeout.ms", 7_000);
  }

  @Test
  void theNewerProtocolGetsNoneOfTheClassicOnesSettings() {
    assertThat(clients(Map.of("group.protocol", "consumer")).consumerConfiguration())
        .doesNotContainKeys("session.timeout.ms", "partition.assignment.strategy");
  }

  private static RelayClients clients(Map<String, Object> given) {
    return new RelayClients(given, RelaySettings.defaults("a"), Topics.defaults());
  }
}

package dev.fanfare.retry.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fanfare.retry.deadletter.Fingerprint;
import dev.fanfare.schemas.avro.Replay;
import dev.fanfare.schemas.serde.AvroSerdes;
import dev.fanfare.schemas.serde.RegistrySettings;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayRecordsTest {
  private static final AvroSerdes SERDES = new AvroSerdes(RegistrySettings.at("mock://records"));
  private static final Instant NOW = Instant.parse("2026-11-24T06:00:00.123Z");
  private static final Progress PROGRESS =
      Progress.begin(9, 2, Map.of(0, 5L, 1, 0L), Map.of(0, 15L, 1, 3L))
          .moved(4, 1, Map.of(0, 7L))
          .lost(2);
  private static final ReplayFilter FILTER =
      new ReplayFilter(
          Optional.of("sub_1"),
          Optional.of("acme"),
          Set.of("email.*"),
          Optional.of(NOW.minusSeconds(60)),
          Optional.of(NOW),
          Optional.of("delivered"),
          Set.of("gone", "expired"),
          Optional.of(new Fingerprint("0123456789abcdef")),
          Optional.of("ann@example.com"),
          Set.of("dlv_1", "dlv_2"));

  static Stream<ReplayState> states() {
    var running = new ReplayState.Running(PROGRESS);
    return Stream.of(
        new ReplayState.Planned(),
        new ReplayState.Planned().pause(),
        running,
        running.pause(),
        running.cancel(),
        running.fail("no"),
        new ReplayState.Finished(PROGRESS));
  }

  @ParameterizedTest
  @MethodSource("states")
  void areReadAsTheyWereWritten(ReplayState state) {
    var job = job(state, FILTER, Optional.of(2.5));
    try (Serializer<Replay> to = SERDES.serializer();
        var from = SERDES.deserializer(Replay.class)) {
      var bytes = to.serialize("replays", ReplayRecords.record(job));
      assertThat(ReplayRecords.job(from.deserialize("replays", bytes))).isEqualTo(job);
    }
  }

  @Test
  void needLittle() {
    var job = job(new ReplayState.Planned(), ReplayFilter.ALL, Optional.empty());
    assertThat(ReplayRecords.job(ReplayRecords.record(job))).isEqualTo(job);
  }

  @Test
  void keepWhatHoldsTheJobUp() {
    var job =
        job(new ReplayState.Running(PROGRESS), FILTER, Optional.empty()).heldUpBy("the log", NOW);
    var read = ReplayRecords.job(ReplayRecords.record(job));
    assertThat(read.error()).contains("the log");
    assertThat(read.in(read.state(), NOW).error()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"rpl_1", "rpl_1/hold", "rpl_1/cancel"})
  void haveAKeyForEachWriter(String text) {
    assertThat(ReplayKey.of(text).text()).isEqualTo(text);
    assertThat(ReplayKey.of(text).id()).isEqualTo("rpl_1");
  }

  @Test
  void refuseWhatALaterVersionMayHaveWritten() {
    var job = job(new ReplayState.Planned(), FILTER, Optional.empty());
    var record = Replay.newBuilder(ReplayRecords.record(job)).setState("dreaming").build();
    assertThatIllegalArgumentException().isThrownBy(() -> ReplayRecords.job(record));
    var command = ReplayRecords.command(job, "fly", NOW);
    assertThatIllegalArgumentException().isThrownBy(() -> ReplayRecords.hold(command));
  }

  private static ReplayJob job(ReplayState state, ReplayFilter filter, Optional<Double> rate) {
    return new ReplayJob(
        "rpl_1",
        Optional.of("acme"),
        ReplaySource.DEAD_LETTERS,
        filter,
        rate,
        state,
        List.of(Letters.delivery("sub_1", 1).build()),
        Optional.empty(),
        NOW.minusSeconds(5),
        NOW);
  }
}

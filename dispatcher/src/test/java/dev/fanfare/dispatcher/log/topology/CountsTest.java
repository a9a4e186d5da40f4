package dev.fanfare.dispatcher.log.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.dispatcher.log.entry.DeliveryState;
import dev.fanfare.dispatcher.log.entry.Hour;
import dev.fanfare.dispatcher.log.entry.Keys;
import dev.fanfare.dispatcher.log.entry.Minute;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

class CountsTest {
  private static final DeliveryState.Names NAMES =
      new DeliveryState.Names(
          "dlv_1",
          "evt_1",
          "sub_1",
          "acme",
          "email.delivered",
          "msg_1",
          "ann@example.com",
          Optional.empty(),
          Optional.empty());
  private static final long MILLIS = 60_000;

  private final KeyValueStore<Bytes, byte[]> state =
      Stores.keyValueStoreBuilder(
              Stores.inMemoryKeyValueStore("state"), Serdes.Bytes(), Serdes.ByteArray())
          .withLoggingDisabled()
          .build();

  CountsTest() {
    var context = new MockProcessorContext<Void, Void>();
    state.init(context.getStateStoreContext(), state);
  }

  @Test
  void anHourHoldsWhatItsMinutesDoInWhateverOrderTheyCome() {
    var random = new SplittableRandom(3);
    var expected = new TreeMap<Long, Long>();

    // When
    var counts = new Counts(state);
    for (int n = 0; n < 2_000; n++) {
      if (n % 100 == 99) {
        counts = new Counts(state); // what it remembered is gone, as after a restart
      }
      long minute = Math.max(0, n / 10 - random.nextInt(90)); // up to an hour and a half late
      counts.add(NAMES, minute * MILLIS, Minute.ONE_OPENED);
      expected.merge(Hour.of(minute), 1L, Long::sum);
    }

    // Then
    assertThat(expected).hasSizeGreaterThan(2);
    for (var scope : List.of("", "tacme", "ssub_1")) {
      assertThat(expected)
          .as(scope)
          .allSatisfy((hour, count) -> assertThat(hour(scope, hour)).isEqualTo(count));
    }
  }

  private long hour(String scope, long hour) {
    var read = Hour.read(state.get(Bytes.wrap(Keys.hour(scope, hour))));
    var latest = Minute.read(state.get(Bytes.wrap(Keys.minute(scope, read.latest()))));
    return read.before().opened() + latest.opened();
  }
}

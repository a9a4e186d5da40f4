package dev.fanfare.dispatcher.fanout;

import dev.fanfare.schemas.avro.EmailEvent;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/// The events of one partition that were fanned out lately. What is written here belongs to the
/// same transaction as the deliveries, so after a crash an event is either both remembered and
/// fanned out, or neither.
///
/// In memory, bounded in number, with a changelog in Kafka that another process takes it over from.
final class SeenEvents {
  static final String STORE = "seen";

  private final KeyValueStore<String, Long> store;
  private final Duration window;

  SeenEvents(KeyValueStore<String, Long> store, Duration window) {
    this.store = store;
    this.window = window;
  }

  static StoreBuilder<KeyValueStore<String, Long>> builder(Deduplication settings) {
    return Stores.keyValueStoreBuilder(
        Stores.lruMap(STORE, settings.mostEvents()), Serdes.String(), Serdes.Long());
  }

  /// Whether it came within the window; remembered from now on if it did not. A repetition does not
  /// begin the window anew.
  boolean isRepetition(EmailEvent event, Instant now) {
    // Two tenants may use the same ids; neither suppresses the other's.
    var name = event.getTenant() + "/" + event.getEventId();
    var seen = store.get(name);
    if (seen != null && now.toEpochMilli() - seen < window.toMillis()) {
      return true;
    }
    store.put(name, now.toEpochMilli());
    return false;
  }
}

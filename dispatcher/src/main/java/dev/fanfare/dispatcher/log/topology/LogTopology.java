package dev.fanfare.dispatcher.log.topology;

import dev.fanfare.schemas.topic.Topics;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/// Everything that is written about a delivery, into its stores. All of it has the same key, so one
/// task sees all of a delivery.
///
/// ```
/// deliveries, attempts, dead-letters, retry.* ─▶ LogProcessor ─▶ state  (small, rewritten; cached)
///                                                             └▶ log    (written once)
/// ```
public final class LogTopology {
  /// What changes: states, open ones, sums, minutes, groups of dead letters.
  public static final String STATE = "state";

  /// What does not: openings, attempts, indexes.
  public static final String LOG = "log";

  private static final String SOURCE = "records";
  private static final String PROCESSOR = "log-processor";

  private LogTopology() {}

  /// What the processors of a process share.
  ///
  /// @param purges asked by whoever wants a tenant's data gone
  /// @param tenures told which partitions are kept up to date here
  public record Parts(
      RecordCodec codec,
      Keeping keeping,
      Purges purges,
      Tenures tenures,
      LogMetrics metrics,
      InstantSource clock) {}

  /// @param rungs labels by topic
  public static Topology of(Topics topics, Map<String, String> rungs, Parts parts) {
    return new Topology()
        .addSource(
            AutoOffsetReset.earliest(),
            SOURCE,
            // A record without a time must not stop the topology, as it would by default.
            (record, partitionTime) ->
                record.timestamp() >= 0 ? record.timestamp() : Math.max(partitionTime, 0),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer(),
            sources(topics, rungs).toArray(String[]::new))
        .addProcessor(PROCESSOR, () -> new LogProcessor(parts, topics, rungs), SOURCE)
        .addStateStore(store(STATE).withCachingEnabled(), PROCESSOR)
        .addStateStore(store(LOG), PROCESSOR);
  }

  /// All that is read; every one of them must have as many partitions as the others.
  public static List<String> sources(Topics topics, Map<String, String> rungs) {
    var all = new LinkedHashMap<String, String>();
    all.put(topics.deliveries().name(), "");
    all.put(topics.attempts().name(), "");
    all.put(topics.deadLetters().name(), "");
    all.putAll(rungs);
    return List.copyOf(all.keySet());
  }

  private static StoreBuilder<KeyValueStore<Bytes, byte[]>> store(String name) {
    return Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore(name), Serdes.Bytes(), Serdes.ByteArray())
        .withLoggingEnabled(Map.of("cleanup.policy", "compact", "compression.type", "lz4"));
  }

  /// The topic that a store's changes are written to.
  public static String changelog(String applicationId, String store) {
    return applicationId + "-" + store + "-changelog";
  }
}

package dev.fanfare.dispatcher.log.query;

import dev.fanfare.dispatcher.log.topology.LogTopology;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.HostInfo;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/// Where partitions live: here, and at which instances. Thread-safe.
final class Shelves {
  private final KafkaStreams streams;
  private final String deliveries;
  private final int partitions;
  private final HostInfo self;

  /// @param deliveries name of the topic of deliveries, whose partitions stand for all others'
  Shelves(KafkaStreams streams, String deliveries, int partitions, HostInfo self) {
    this.streams = streams;
    this.deliveries = deliveries;
    this.partitions = partitions;
    this.self = self;
  }

  Set<Integer> all() {
    var all = new TreeSet<Integer>();
    for (int i = 0; i < partitions; i++) {
      all.add(i);
    }
    return all;
  }

  /// The partition as it is kept up to date here.
  Optional<Shelf> live(int partition) {
    return open(partition, false);
  }

  /// The partition as far as it is here, be it a copy or one that is still filled.
  Optional<Shelf> copy(int partition) {
    return open(partition, true);
  }

  private Optional<Shelf> open(int partition, boolean stale) {
    try {
      return Optional.of(
          new Shelf(
              partition,
              store(LogTopology.STATE, partition, stale),
              store(LogTopology.LOG, partition, stale)));
    } catch (InvalidStateStoreException e) {
      return Optional.empty(); // it lives elsewhere, or is on its way
    }
  }

  private ReadOnlyKeyValueStore<Bytes, byte[]> store(String name, int partition, boolean stale) {
    var which =
        StoreQueryParameters.fromNameAndType(
                name, QueryableStoreTypes.<Bytes, byte[]>keyValueStore())
            .withPartition(partition);
    return streams.store(stale ? which.enableStaleStores() : which);
  }

  /// Instances other than this one that hold partitions.
  record Elsewhere(Map<HostInfo, Set<Integer>> active, Map<HostInfo, Set<Integer>> standby) {}

  Elsewhere elsewhere() {
    var active = new HashMap<HostInfo, Set<Integer>>();
    var standby = new HashMap<HostInfo, Set<Integer>>();
    try {
      for (var client : streams.metadataForAllStreamsClients()) {
        if (!client.hostInfo().equals(self)) {
          active.put(client.hostInfo(), partitionsOf(client.topicPartitions()));
          standby.put(client.hostInfo(), partitionsOf(client.standbyTopicPartitions()));
        }
      }
    } catch (IllegalStateException e) {
      return new Elsewhere(Map.of(), Map.of()); // it is not running
    }
    return new Elsewhere(active, standby);
  }

  private Set<Integer> partitionsOf(Set<TopicPartition> all) {
    var numbers = new HashSet<Integer>();
    all.stream()
        .filter(it -> it.topic().equals(deliveries))
        .forEach(it -> numbers.add(it.partition()));
    return numbers;
  }
}

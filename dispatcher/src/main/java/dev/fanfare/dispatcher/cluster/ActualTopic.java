package dev.fanfare.dispatcher.cluster;

import java.util.Map;
import java.util.Optional;

/// One topic as the cluster describes it.
///
/// @param replicationFactor of the partition with the fewest replicas
/// @param leaderless partitions without an elected leader
/// @param settings under Kafka's names, defaults included
public record ActualTopic(
    int partitions, int replicationFactor, int leaderless, Map<String, String> settings) {
  public ActualTopic {
    settings = Map.copyOf(settings);
  }

  ActualTopic with(Map<String, String> known) {
    return new ActualTopic(partitions, replicationFactor, leaderless, known);
  }

  Optional<String> setting(String name) {
    return Optional.ofNullable(settings.get(name));
  }
}

package dev.fanfare.dispatcher.cluster;

import dev.fanfare.schemas.topic.Cleanup;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// One topic as it is made, and what it must at least be.
///
/// @param replicationFactor -1 for the broker's default
/// @param cleanup what its cleanup policy must be; empty when that is the platform's own business
/// @param leastRetention empty when it must keep every key
/// @param brokerTime whether records must carry the broker's time
/// @param waiting whether its records wait for something: none may be dropped for space
public record PlannedTopic(
    String name,
    int partitions,
    int replicationFactor,
    Optional<Cleanup> cleanup,
    Optional<Duration> leastRetention,
    boolean brokerTime,
    boolean waiting) {
  static final String CLEANUP = "cleanup.policy";
  static final String RETENTION = "retention.ms";
  static final String RETENTION_BYTES = "retention.bytes";
  static final String TIMESTAMP = "message.timestamp.type";
  static final String BROKER_TIME = "LogAppendTime";
  static final String LARGEST_RECORD = "max.message.bytes";

  /// An event of 256 KiB, its delivery with history, and what Kafka adds.
  static final int LEAST_LARGEST_RECORD = 1 << 20;

  /// The settings that the topic is made with.
  public Map<String, String> settings() {
    var settings = new TreeMap<String, String>();
    settings.put(CLEANUP, cleanup.orElse(Cleanup.DELETE).policy());
    leastRetention.ifPresent(least -> settings.put(RETENTION, "" + least.toMillis()));
    settings.put(LARGEST_RECORD, "" + (LEAST_LARGEST_RECORD + 4096));
    if (brokerTime) {
      settings.put(TIMESTAMP, BROKER_TIME);
    }
    if (waiting) {
      settings.put(RETENTION_BYTES, "-1");
    }
    return settings;
  }
}

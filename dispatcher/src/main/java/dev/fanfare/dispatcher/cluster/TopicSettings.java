package dev.fanfare.dispatcher.cluster;

import dev.fanfare.schemas.topic.Topics;
import java.util.regex.Pattern;

/// How the topics are called and made.
///
/// @param partitions of the topics that carry events and deliveries, when made by us
/// @param replicationFactor of every topic, when made by us; -1 for the broker's default
public record TopicSettings(String prefix, String input, int partitions, int replicationFactor) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,200}");

  /// @throws IllegalArgumentException if a name is none that Kafka takes, or a number is out of
  ///   bounds
  public TopicSettings {
    if (!NAME.matcher(prefix).matches() || !NAME.matcher(input).matches()) {
      throw new IllegalArgumentException(
          "prefix and input must be 1 to 200 characters of A-Z a-z 0-9 . _ -");
    }
    if (input.startsWith(prefix)) {
      throw new IllegalArgumentException(
          "input must not start with the prefix " + prefix + ", which is for Fanfare's own topics");
    }
    if (partitions < 1) {
      throw new IllegalArgumentException("partitions must be at least 1");
    }
    if (replicationFactor < 1 && replicationFactor != -1) {
      throw new IllegalArgumentException("replication_factor must be at least 1, or -1");
    }
  }

  public Topics topics() {
    return new Topics(prefix, input);
  }
}

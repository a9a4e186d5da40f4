package dev.fanfare.retry.relay;

import java.time.Instant;

/// How a relay is, for readiness.
public sealed interface RelayHealth {
  /// It has not joined its group yet.
  record Starting() implements RelayHealth {}

  /// @param partitions how many it holds; 0 when others hold them all
  record Running(int partitions) implements RelayHealth {}

  /// It keeps trying.
  ///
  /// @param reason for people
  record Failed(String reason, Instant since) implements RelayHealth {}

  record Closed() implements RelayHealth {}

  /// Whether retries move.
  default boolean ready() {
    return this instanceof Running;
  }
}

package dev.fanfare.retry.replay;

import java.util.Optional;
import java.util.stream.Stream;

/// Where a replay takes from what it delivers again. The code is what stands in records and the
/// API.
public enum ReplaySource {
  /// What died: `fanfare.dead-letters`.
  DEAD_LETTERS("dead-letters"),
  /// Whatever became of it: `fanfare.deliveries`.
  DELIVERIES("deliveries"),
  /// The events themselves, for one subscription that had not asked for them yet.
  EVENTS("events");

  private final String code;

  ReplaySource(String code) {
    this.code = code;
  }

  public String code() {
    return code;
  }

  public static Optional<ReplaySource> find(String code) {
    return Stream.of(values()).filter(source -> source.code.equals(code)).findFirst();
  }
}

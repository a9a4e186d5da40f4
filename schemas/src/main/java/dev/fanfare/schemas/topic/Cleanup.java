package dev.fanfare.schemas.topic;

/// How a topic forgets, as in Kafka's `cleanup.policy`.
public enum Cleanup {
  DELETE("delete"),
  COMPACT("compact"),
  COMPACT_DELETE("compact,delete");

  private final String policy;

  Cleanup(String policy) {
    this.policy = policy;
  }

  /// The value of `cleanup.policy`.
  public String policy() {
    return policy;
  }
}

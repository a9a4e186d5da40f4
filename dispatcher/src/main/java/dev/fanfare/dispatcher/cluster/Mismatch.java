package dev.fanfare.dispatcher.cluster;

/// One difference between a topic and what is needed of it.
///
/// @param what is wrong, and what would be right
/// @param remedy what to do about it
public record Mismatch(String topic, Severity severity, String what, String remedy) {
  /// How bad it is.
  public enum Severity {
    /// Records would be lost or nothing would work: start-up refuses.
    FATAL,
    /// It works, but less safely than was planned.
    WARNING
  }

  public boolean isFatal() {
    return severity == Severity.FATAL;
  }

  @Override
  public String toString() {
    return topic + " " + what + ": " + remedy;
  }
}

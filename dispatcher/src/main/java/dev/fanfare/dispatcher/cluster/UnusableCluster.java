package dev.fanfare.dispatcher.cluster;

/// The cluster can't be reached, or working on it would lose records. The message is for people and
/// says what to do.
public final class UnusableCluster extends RuntimeException {
  public UnusableCluster(String message) {
    super(message);
  }

  public UnusableCluster(String message, Throwable cause) {
    super(message, cause);
  }
}

package dev.fanfare.dispatcher.delivery.lane;

/// How many attempts an endpoint gets and how many of them fail, as rates that forget within about
/// a minute.
public final class Pulse {
  private static final double MEMORY_MS = 60_000;

  private double attempts;
  private double failures;
  private int ended;
  private int failed;
  private long beatMs;

  public Pulse(long nowMs) {
    this.beatMs = nowMs;
  }

  /// An attempt has ended.
  public void ended(Sample sample) {
    ended++;
    if (sample == Sample.FAILURE) {
      failed++;
    }
  }

  /// Takes in what has ended since the last beat. To be called now and then, e.g. once a second.
  public void beat(long nowMs) {
    long took = nowMs - beatMs;
    if (took <= 0) {
      return;
    }
    double kept = Math.exp(-took / MEMORY_MS);
    double share = (1 - kept) * 1000 / took;
    attempts = attempts * kept + ended * share;
    failures = failures * kept + failed * share;
    ended = 0;
    failed = 0;
    beatMs = nowMs;
  }

  public double attemptsPerSecond() {
    return attempts;
  }

  public double failuresPerSecond() {
    return failures;
  }
}

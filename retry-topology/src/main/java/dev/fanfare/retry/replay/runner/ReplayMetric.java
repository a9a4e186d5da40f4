package dev.fanfare.retry.replay.runner;

/// The replays' metrics.
public enum ReplayMetric {
  RELEASED("fanfare.replay.released", "Deliveries that replays released to be delivered again"),
  SKIPPED(
      "fanfare.replay.skipped",
      "Deliveries that replays selected and left out: the subscription is deleted or disabled"),
  RUNNING("fanfare.replay.running", "Replays that this process runs at the moment"),
  FAILURES(
      "fanfare.replay.failures", "Times that a replay was interrupted by a fault and tried again");

  private final String meter;
  private final String help;

  ReplayMetric(String meter, String help) {
    this.meter = meter;
    this.help = help;
  }

  public String meter() {
    return meter;
  }

  public String help() {
    return help;
  }
}

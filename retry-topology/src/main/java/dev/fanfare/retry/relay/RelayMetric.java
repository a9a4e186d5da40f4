package dev.fanfare.retry.relay;

/// The relay's metrics; all carry the tag `rung`.
public enum RelayMetric {
  OVERDUE(
      "fanfare.retry.overdue",
      "How late the oldest delivery is that is due to leave the rung and has not left, seconds"),
  WAITING("fanfare.retry.waiting", "Deliveries waiting on the rung here; an upper estimate"),
  RELEASED("fanfare.retry.released", "Deliveries that were due and went back to be attempted"),
  DESCENDED("fanfare.retry.descended", "Deliveries that went on to wait on a shorter rung"),
  LATENESS("fanfare.retry.lateness", "How long after their due time deliveries were released");

  private final String meter;
  private final String help;

  RelayMetric(String meter, String help) {
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

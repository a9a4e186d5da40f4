package dev.fanfare.dispatcher.delivery.outcome;

/// Why an endpoint is given up and its subscription disabled. The code is what stands in records;
/// the summary is what a person reads in the alert.
public enum DisableReason {
  GONE("gone", "The endpoint answered 410 Gone."),
  ASKED("asked", "The endpoint asked for no more deliveries (webhook-delivery: disable)."),
  FAILING("failing", "Every attempt for so long has failed that the endpoint is given up.");

  private final String code;
  private final String summary;

  DisableReason(String code, String summary) {
    this.code = code;
    this.summary = summary;
  }

  public String code() {
    return code;
  }

  public String summary() {
    return summary;
  }
}

package dev.fanfare.retry.deadletter;

/// Why a delivery ended without success. The code is what stands in records, metrics and the API.
public enum DeadLetterReason {
  /// Every attempt that its schedule and its 24 hours allowed has failed.
  EXPIRED("expired"),
  /// The endpoint answered 410 Gone.
  GONE("gone"),
  /// The subscription was disabled before it was delivered.
  ENDPOINT_DISABLED("endpoint_disabled"),
  /// The subscription was deleted before it was delivered.
  ENDPOINT_DELETED("endpoint_deleted"),
  /// The endpoint answered 413 Content Too Large; the same bytes will not fit next time.
  PAYLOAD_TOO_LARGE("payload_too_large"),
  /// The address dialled is one that Fanfare refuses to connect to.
  BLOCKED_ADDRESS("blocked_address"),
  /// The endpoint asked not to be sent this delivery again (`webhook-delivery: abort-message`).
  ABORTED("aborted");

  private final String code;

  DeadLetterReason(String code) {
    this.code = code;
  }

  public String code() {
    return code;
  }
}

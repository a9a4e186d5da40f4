package dev.fanfare.schemas.payload;

/// Why a well-formed record is no event that can be delivered.
public enum EventFault {
  /// The id is part of the signed content, which is joined with dots.
  INVALID_EVENT_ID("invalid_event_id", "event_id", "must be 1 to 64 characters of A-Z a-z 0-9 _ -"),
  INVALID_TENANT("invalid_tenant", "tenant", "must be 1 to 64 characters of A-Z a-z 0-9 _ -"),
  UNKNOWN_TYPE("unknown_type", "type", "is no event type of the catalogue"),
  TIME_OUT_OF_RANGE("time_out_of_range", "occurred_at", "must be in the years 0000 to 9999"),
  BLANK_MESSAGE_ID("blank_message_id", "message_id", "must not be blank"),
  BLANK_RECIPIENT("blank_recipient", "recipient", "must not be blank");

  private final String code;
  private final String field;
  private final String detail;

  EventFault(String code, String field, String detail) {
    this.code = code;
    this.field = field;
    this.detail = detail;
  }

  /// Stable name for headers, metrics and alerts.
  public String code() {
    return code;
  }

  /// The field of the record that is at fault.
  public String field() {
    return field;
  }

  public String detail() {
    return detail;
  }
}

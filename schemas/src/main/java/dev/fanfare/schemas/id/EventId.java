package dev.fanfare.schemas.id;

/// The id of an event, sent as `webhook-id` on every attempt and replay.
///
/// It is part of the signed content `id.timestamp.body`, so a dot in it would be ambiguous
/// (Standard Webhooks 1.0.0, "Signature scheme"); only `[A-Za-z0-9_-]{1,64}` is accepted.
public record EventId(String value) {
  private static final int LONGEST = 64;

  /// @throws IllegalArgumentException if the value is not `[A-Za-z0-9_-]{1,64}`
  public EventId {
    if (!isValid(value)) {
      throw new IllegalArgumentException(
          "event_id must be 1 to 64 characters of A-Z a-z 0-9 _ -: " + Ids.shown(value));
    }
  }

  public static boolean isValid(String value) {
    return Ids.isToken(value, LONGEST);
  }

  @Override
  public String toString() {
    return value;
  }
}

package dev.fanfare.schemas.id;

/// The id of a subscription: `[A-Za-z0-9_-]{1,64}`. Ours start with `sub_`.
public record SubscriptionId(String value) {
  private static final int LONGEST = 64;

  /// @throws IllegalArgumentException if the value is not `[A-Za-z0-9_-]{1,64}`
  public SubscriptionId {
    if (!isValid(value)) {
      throw new IllegalArgumentException(
          "subscription id must be 1 to 64 characters of A-Z a-z 0-9 _ -: " + Ids.shown(value));
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

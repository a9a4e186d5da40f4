package dev.fanfare.schemas.id;

/// The id of a tenant: `[A-Za-z0-9_-]{1,64}`.
public record TenantId(String value) {
  private static final int LONGEST = 64;

  /// @throws IllegalArgumentException if the value is not `[A-Za-z0-9_-]{1,64}`
  public TenantId {
    if (!isValid(value)) {
      throw new IllegalArgumentException(
          "tenant must be 1 to 64 characters of A-Z a-z 0-9 _ -: " + Ids.shown(value));
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

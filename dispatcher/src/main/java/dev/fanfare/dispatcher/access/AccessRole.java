package dev.fanfare.dispatcher.access;

import java.util.Optional;

/// What a key is for. No role implies another.
public enum AccessRole {
  /// Operates Fanfare: everything, of all tenants.
  ADMIN("admin"),
  /// A customer: its own subscriptions, log, replays and keys.
  TENANT("tenant"),
  /// Hands in events, and nothing else.
  PRODUCER("producer"),
  /// Looks on: a tenant's own, or everything when the key names no tenant.
  VIEWER("viewer");

  private final String code;

  AccessRole(String code) {
    this.code = code;
  }

  public String code() {
    return code;
  }

  public static Optional<AccessRole> find(String code) {
    for (var role : values()) {
      if (role.code.equals(code)) {
        return Optional.of(role);
      }
    }
    return Optional.empty();
  }
}

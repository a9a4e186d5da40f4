package dev.fanfare.dispatcher.access;

import java.util.Optional;

/// Who makes a call, after the key has been checked.
///
/// @param tenant the one that the caller is bound to; empty when it is bound to none
/// @param key which key, by its id; for logs and for what is remembered by caller
public record Caller(AccessRole role, Optional<String> tenant, String key) {
  /// The key out of the configuration.
  public static final Caller BOOTSTRAP = new Caller(AccessRole.ADMIN, Optional.empty(), "config");

  /// Anybody, where no key is asked for.
  public static final Caller ANYBODY = new Caller(AccessRole.ADMIN, Optional.empty(), "open");

  /// Whether what belongs to this tenant exists for the caller. What does not is answered as if it
  /// were not there.
  public boolean sees(String owner) {
    return tenant.isEmpty() || tenant.get().equals(owner);
  }
}

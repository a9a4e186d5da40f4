package dev.fanfare.dispatcher.access;

import dev.fanfare.schemas.avro.ApiKey;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;

/// What a key that was shown is worth. Why it is worth nothing is for logs: whoever shows it is
/// only told that it is not valid, save that its tenant is disabled, which its owner has to know.
public sealed interface Admission {
  record Admitted(Caller caller) implements Admission {}

  /// The key is none, or is no longer valid.
  record Unknown(String why) implements Admission {}

  /// The key is good, but its tenant is disabled.
  record Disabled() implements Admission {}

  /// Takes as long for a key that does not exist as for one with another secret.
  static Admission of(String text, AccessTable table, Instant now) {
    var hash = KeyText.hash(text);
    var known = KeyText.id(text).flatMap(table::key);
    var stored = known.map(ApiKey::getHash).orElse(ByteBuffer.wrap(new byte[hash.length]));
    if (!KeyText.isHash(stored, hash) || known.isEmpty()) {
      return new Unknown("no such key");
    }
    return of(known.get(), table, now);
  }

  /// For who showed the key before and has that in writing.
  ///
  /// @param id `key_…`
  static Admission ofShown(String id, AccessTable table, Instant now) {
    return table
        .key(id)
        .map(key -> of(key, table, now))
        .orElseGet(() -> new Unknown("no such key"));
  }

  private static Admission of(ApiKey key, AccessTable table, Instant now) {
    if (key.getRevokedAt() != null) {
      return new Unknown("revoked");
    }
    if (key.getExpiresAt() != null && !key.getExpiresAt().isAfter(now)) {
      return new Unknown("expired");
    }
    var role = AccessRole.find(key.getRole());
    var tenant = Optional.ofNullable(key.getTenant());
    if (role.isEmpty() || !isBoundAsItMustBe(role.get(), tenant)) {
      return new Unknown("of a role that this version does not know");
    }
    if (tenant.isEmpty()) {
      return new Admitted(new Caller(role.get(), tenant, key.getId()));
    }
    var owner = table.tenant(tenant.get());
    if (owner.isEmpty()) {
      return new Unknown("of a tenant that was removed");
    }
    return owner.get().getStatus().equals("active")
        ? new Admitted(new Caller(role.get(), tenant, key.getId()))
        : new Disabled();
  }

  /// A tenant's key without a tenant would see everything.
  private static boolean isBoundAsItMustBe(AccessRole role, Optional<String> tenant) {
    return switch (role) {
      case ADMIN -> tenant.isEmpty();
      case TENANT -> tenant.isPresent();
      case PRODUCER, VIEWER -> true;
    };
  }
}

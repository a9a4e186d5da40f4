package dev.fanfare.dispatcher.access;

import dev.fanfare.schemas.avro.ApiKey;
import dev.fanfare.schemas.avro.Tenant;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/// A table of keys and tenants to put things into.
public final class Keys implements AccessTable {
  public static final Instant MADE = Instant.parse("2026-01-01T00:00:00Z");

  private final Map<String, ApiKey> keys = new HashMap<>();
  private final Map<String, Tenant> tenants = new HashMap<>();

  public Keys with(SpecificRecord record) {
    switch (record) {
      case ApiKey key -> keys.put(key.getId(), key);
      case Tenant tenant -> tenants.put(tenant.getId(), tenant);
      default -> throw new IllegalArgumentException("neither key nor tenant");
    }
    return this;
  }

  public void remove(String id) {
    keys.remove(id);
    tenants.remove(id);
  }

  public static Tenant named(String id) {
    return Tenant.newBuilder().setId(id).setCreatedAt(MADE).build();
  }

  /// The key that this text opens.
  public static ApiKey.Builder key(String text, String role, @Nullable String tenant) {
    return ApiKey.newBuilder()
        .setId(KeyText.id(text).orElseThrow())
        .setRole(role)
        .setTenant(tenant)
        .setHash(ByteBuffer.wrap(KeyText.hash(text)))
        .setCreatedAt(MADE);
  }

  @Override
  public Optional<ApiKey> key(String id) {
    return Optional.ofNullable(keys.get(id));
  }

  @Override
  public Optional<Tenant> tenant(String id) {
    return Optional.ofNullable(tenants.get(id));
  }

  @Override
  public Collection<ApiKey> keys() {
    return keys.values();
  }

  @Override
  public Collection<Tenant> tenants() {
    return tenants.values();
  }
}

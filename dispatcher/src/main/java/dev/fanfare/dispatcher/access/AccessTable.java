package dev.fanfare.dispatcher.access;

import dev.fanfare.schemas.avro.ApiKey;
import dev.fanfare.schemas.avro.Tenant;
import java.util.Collection;
import java.util.Optional;

/// The keys and tenants that the process knows now. Thread-safe; reads never block.
public interface AccessTable {
  Optional<ApiKey> key(String id);

  Optional<Tenant> tenant(String id);

  /// All of them, in no order; a snapshot.
  Collection<ApiKey> keys();

  /// All of them, in no order; a snapshot.
  Collection<Tenant> tenants();
}

package dev.fanfare.dispatcher.access.feed;

import dev.fanfare.dispatcher.access.AccessTable;
import dev.fanfare.dispatcher.feed.FeedRecords;
import dev.fanfare.dispatcher.feed.FeedTable;
import dev.fanfare.schemas.avro.ApiKey;
import dev.fanfare.schemas.avro.Tenant;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.avro.specific.SpecificRecord;

/// Keys and tenants by id. One that can't be read is not there: a key that nobody understands opens
/// nothing.
final class AccessBook implements AccessTable, FeedTable, FeedRecords<SpecificRecord> {
  private final Map<String, ApiKey> keys = new ConcurrentHashMap<>();
  private final Map<String, Tenant> tenants = new ConcurrentHashMap<>();
  private final Set<String> unread = ConcurrentHashMap.newKeySet();
  private final AtomicLong revision = new AtomicLong();

  @Override
  public boolean isKey(String key) {
    return !key.isEmpty();
  }

  @Override
  public List<String> put(String key, SpecificRecord stored, Instant now) {
    var id =
        switch (stored) {
          case ApiKey it -> it.getId();
          case Tenant it -> it.getId();
          default -> "";
        };
    if (!id.equals(key)) {
      putUnread(key);
      return List.of("its id must be the record's key");
    }
    unread.remove(key);
    revision.incrementAndGet();
    if (stored instanceof ApiKey it) { // replaced at one stroke: a key must not fail meanwhile
      keys.put(key, it);
      tenants.remove(key);
    } else if (stored instanceof Tenant it) {
      tenants.put(key, it);
      keys.remove(key);
    }
    return List.of();
  }

  @Override
  public void putUnread(String key) {
    remove(key);
    unread.add(key);
  }

  @Override
  public void delete(String key, Instant now) {
    remove(key);
  }

  private void remove(String key) {
    keys.remove(key);
    tenants.remove(key);
    unread.remove(key);
    revision.incrementAndGet();
  }

  @Override
  public void tick(Instant now) {}

  @Override
  public int size() {
    return keys.size() + tenants.size() + unread.size();
  }

  @Override
  public int unusable() {
    return unread.size();
  }

  @Override
  public long revision() {
    return revision.get();
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
    return List.copyOf(keys.values());
  }

  @Override
  public Collection<Tenant> tenants() {
    return List.copyOf(tenants.values());
  }
}

package dev.fanfare.dispatcher.log.topology;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Tenants whose data is to go, and which of this process's partitions have done it. A request that
/// a restart or a move of the partition interrupts is forgotten: whoever asked has not been told
/// that it is done, and asks again. Thread-safe.
public final class Purges {
  private static final int MOST_TENANTS = 1_000;

  /// By tenant: its partitions, and whether they are done. Who asks again soon is told the same.
  private final Map<String, Map<Integer, Boolean>> asked =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Map<Integer, Boolean>> eldest) {
          return size() > MOST_TENANTS;
        }
      };

  /// Asks the partition to forget the tenant, also if it has before.
  public synchronized void ask(String tenant, int partition) {
    asked.computeIfAbsent(tenant, _ -> new HashMap<>()).put(partition, false);
  }

  /// Whether the partition has done it. One that has not been asked is, since it may have been
  /// elsewhere when it was.
  public synchronized boolean isDone(String tenant, int partition) {
    return asked
        .computeIfAbsent(tenant, _ -> new HashMap<>())
        .computeIfAbsent(partition, _ -> false);
  }

  /// A tenant that this partition is to forget.
  synchronized Optional<String> next(int partition) {
    return asked.entrySet().stream()
        .filter(it -> Boolean.FALSE.equals(it.getValue().get(partition)))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  synchronized void done(String tenant, int partition) {
    asked.computeIfPresent(
        tenant,
        (_, all) -> {
          all.replace(partition, true);
          return all;
        });
  }

  /// Forgets what this partition was asked: it has been elsewhere since.
  synchronized void begin(int partition) {
    asked.values().forEach(all -> all.remove(partition));
  }
}

package dev.fanfare.dispatcher.log.topology;

import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Tenants whose data is to go, and which of this process's partitions have done it. A request that
/// a restart interrupts is forgotten: whoever asked has not been told that it is done, and asks
/// again. Thread-safe.
public final class Purges {
  private final Map<String, Set<Integer>> open = new ConcurrentHashMap<>();

  /// Asks these partitions to forget the tenant.
  public void ask(String tenant, Set<Integer> partitions) {
    open.compute(
        tenant,
        (_, before) -> {
          var all = new HashSet<>(partitions);
          if (before != null) {
            all.addAll(before);
          }
          return Set.copyOf(all);
        });
  }

  /// Whether any of the partitions has still to do it.
  public boolean isUnderWay(String tenant, Set<Integer> partitions) {
    return open.getOrDefault(tenant, Set.of()).stream().anyMatch(partitions::contains);
  }

  /// A tenant that this partition is to forget.
  Optional<String> next(int partition) {
    return open.entrySet().stream()
        .filter(it -> it.getValue().contains(partition))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  void done(String tenant, int partition) {
    open.computeIfPresent(
        tenant,
        (_, left) -> {
          var others = new HashSet<>(left);
          others.remove(partition);
          return others.isEmpty() ? null : Set.copyOf(others);
        });
  }
}

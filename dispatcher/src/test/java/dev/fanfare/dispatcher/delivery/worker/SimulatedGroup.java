package dev.fanfare.dispatcher.delivery.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.common.TopicPartition;

/// The consumer group of a simulation: cooperative and sticky. Who has too much lets go first, and
/// what it let go of is given to others when it has; a commit of an older generation is refused.
final class SimulatedGroup {
  /// A group waits no longer for a member than its poll interval.
  private static final long LONGEST_CALLBACK_MS = 60_000;

  private final SimulatedTime time;
  private final List<TopicPartition> partitions;
  private final Map<String, SimulatedWorker> members = new LinkedHashMap<>();
  private final Duration drain;
  private int generation;
  private int rebalances;
  private boolean underWay;
  private boolean again;

  SimulatedGroup(SimulatedTime time, List<TopicPartition> partitions, Duration drain) {
    this.time = time;
    this.partitions = partitions;
    this.drain = drain;
  }

  int generation() {
    return generation;
  }

  int rebalances() {
    return rebalances;
  }

  boolean has(String member) {
    return members.containsKey(member);
  }

  ConsumerGroupMetadata member(String name) {
    return WorkerFixture.member(generation, name);
  }

  void join(SimulatedWorker worker) {
    members.put(worker.name, worker);
    rebalance();
  }

  /// It is gone for good; its partitions are free.
  void leave(SimulatedWorker worker) {
    if (members.remove(worker.name, worker)) {
      worker.owned.clear();
      rebalance();
    }
  }

  Optional<SimulatedWorker> owner(TopicPartition partition) {
    return members.values().stream()
        .filter(worker -> worker.isAlive() && worker.owned.contains(partition))
        .findFirst();
  }

  private void rebalance() {
    if (underWay) {
      again = true;
      return;
    }
    underWay = true;
    time.after(time.between(50, 3_000), this::revoke);
  }

  private void revoke() {
    generation++;
    rebalances++;
    var keepers = List.copyOf(members.values());
    int share = Math.ceilDiv(partitions.size(), Math.max(1, keepers.size()));
    var pending = new LinkedHashSet<SimulatedWorker>(keepers);
    Runnable given =
        () -> {
          if (pending.isEmpty() && underWay) {
            give();
          }
        };
    for (var worker : keepers) {
      var leaving = new LinkedHashSet<TopicPartition>();
      var mine = List.copyOf(worker.owned);
      for (int i = share; i < mine.size(); i++) {
        leaving.add(mine.get(i));
      }
      worker.rebalanced(
          leaving,
          drain,
          () -> {
            pending.remove(worker);
            given.run();
          });
    }
    int mine = generation;
    time.after(
        LONGEST_CALLBACK_MS,
        () -> {
          if (underWay && generation == mine) {
            give();
          }
        });
    given.run();
  }

  private void give() {
    generation++;
    var free = new ArrayList<>(partitions);
    members.values().forEach(worker -> free.removeAll(worker.owned));
    var workers = List.copyOf(members.values());
    for (var worker : workers) {
      int share = Math.ceilDiv(partitions.size(), workers.size());
      Set<TopicPartition> added = new LinkedHashSet<>();
      while (worker.owned.size() + added.size() < share && !free.isEmpty()) {
        added.add(free.removeFirst());
      }
      worker.assigned(added);
    }
    underWay = false;
    if (again) {
      again = false;
      rebalance();
    }
  }
}

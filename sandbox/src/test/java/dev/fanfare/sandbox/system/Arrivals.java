package dev.fanfare.sandbox.system;

import dev.fanfare.testkit.receiver.Answer;
import dev.fanfare.testkit.receiver.Received;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/// What came in, by endpoint and id: how many POSTs, and of which deliveries. Answers 200 to all.
/// Thread-safe.
final class Arrivals {
  private final ConcurrentMap<String, Set<String>> ids = new ConcurrentHashMap<>();
  private final LongAdder posts = new LongAdder();

  Answer take(Received request) {
    posts.increment();
    ids.computeIfAbsent(request.target(), _ -> ConcurrentHashMap.newKeySet())
        .add(Customer.header(request, "webhook-id"));
    return Answer.OK;
  }

  /// All POSTs, repetitions included.
  long posts() {
    return posts.sum();
  }

  /// How many different deliveries have come.
  long deliveries() {
    return ids.values().stream().mapToLong(Set::size).sum();
  }

  /// How many different ids each endpoint has seen.
  Map<String, Integer> byEndpoint() {
    var counts = new TreeMap<String, Integer>();
    ids.forEach((endpoint, seen) -> counts.put(endpoint, seen.size()));
    return counts;
  }
}

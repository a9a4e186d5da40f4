package dev.fanfare.sandbox.system;

import dev.fanfare.testkit.receiver.Received;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Collectors;

/// Every POST that came in, by endpoint, id and number of the attempt: which of them came again.
/// Thread-safe.
final class Posts {
  private final ConcurrentMap<String, Integer> attempts = new ConcurrentHashMap<>();
  private final Set<String> deliveries = ConcurrentHashMap.newKeySet();

  /// Counts it; returns how often this attempt has come by now.
  int take(Received request) {
    var event = Customer.header(request, "webhook-id");
    deliveries.add(request.target() + " " + event);
    var attempt = Customer.header(request, "webhook-attempt");
    return attempts.merge(attempt(request.target(), event, attempt), 1, Integer::sum);
  }

  /// One attempt, as [#attempts] names it.
  static String attempt(String target, String event, Object number) {
    return target + " " + event + " " + number;
  }

  /// Those that have come, each once.
  Set<String> attempts() {
    return Set.copyOf(attempts.keySet());
  }

  /// Those that came more than once, and how many times too often.
  Map<String, Integer> repeated() {
    return attempts.entrySet().stream()
        .filter(it -> it.getValue() > 1)
        .collect(Collectors.toMap(Map.Entry::getKey, it -> it.getValue() - 1));
  }

  /// Whether anything has come for this endpoint.
  boolean came(String target) {
    return attempts.keySet().stream().anyMatch(it -> it.startsWith(target + " "));
  }

  /// How many different deliveries have come.
  int deliveries() {
    return deliveries.size();
  }
}

package dev.fanfare.sandbox.system;

import dev.fanfare.testkit.receiver.Received;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// When each POST came in, by endpoint, id and number of the attempt. Thread-safe.
final class PostTimes {
  private final ConcurrentMap<Post, List<Instant>> times = new ConcurrentHashMap<>();
  private final Set<String> deliveries = ConcurrentHashMap.newKeySet();

  /// One attempt, as its receiver knows it.
  record Post(String target, String event, int attempt) {
    static Post of(Received request) {
      return new Post(
          request.target(),
          Customer.header(request, "webhook-id"),
          Integer.parseInt(Customer.header(request, "webhook-attempt")));
    }
  }

  void add(Post post, Instant at) {
    deliveries.add(post.target + " " + post.event);
    times.merge(
        post, List.of(at), (known, more) -> Stream.concat(known.stream(), more.stream()).toList());
  }

  /// How many different deliveries have come.
  int deliveries() {
    return deliveries.size();
  }

  /// How many different attempts have come.
  int attempts() {
    return times.size();
  }

  /// Attempts that came more than once, and when, in order.
  Map<Post, List<Instant>> repeated() {
    return times.entrySet().stream()
        .filter(it -> it.getValue().size() > 1)
        .collect(
            Collectors.toMap(Map.Entry::getKey, it -> it.getValue().stream().sorted().toList()));
  }

  /// How many attempts had come by then of which the test holds.
  long come(Instant by, Predicate<Post> test) {
    return times.entrySet().stream()
        .filter(it -> it.getValue().stream().anyMatch(at -> !at.isAfter(by)))
        .filter(it -> test.test(it.getKey()))
        .count();
  }
}

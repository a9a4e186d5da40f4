package dev.fanfare.retry.replay.runner;

import dev.fanfare.retry.replay.runner.Selection.Step;
import dev.fanfare.schemas.avro.Delivery;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// What has been selected and waits until the rate allows it, in the order in which it was read.
/// For one thread.
final class Line {
  private static final long MOST_BYTES = 4 << 20;

  private final Deque<Step> steps = new ArrayDeque<>();
  private int selected;
  private long bytes;

  /// What leaves the line together, and how far it brings each partition.
  record Portion(List<Delivery> deliveries, int skipped, Map<Integer, Long> reached) {}

  void add(List<Step> more) {
    for (var step : more) {
      steps.add(step);
      selected += step.selected().isPresent() ? 1 : 0;
      bytes += size(step);
    }
  }

  /// Deliveries waiting.
  int selected() {
    return selected;
  }

  boolean isFull() {
    return bytes >= MOST_BYTES;
  }

  /// At most so many deliveries, and what was read up to the next one.
  ///
  /// @param takes who can get deliveries; what the others would get is left out and counted
  Portion take(int most, Predicate<Delivery> takes) {
    var deliveries = new ArrayList<Delivery>();
    var reached = new HashMap<Integer, Long>();
    int skipped = 0;
    long taken = 0;
    while (!steps.isEmpty()) {
      var next = steps.peek();
      var delivery = next.selected();
      if (delivery.isPresent()) {
        if (!takes.test(delivery.get())) {
          skipped++;
        } else if (deliveries.size() < most && taken < MOST_BYTES) {
          deliveries.add(delivery.get());
          taken += size(next);
        } else {
          break;
        }
        selected--;
      }
      bytes -= size(next);
      steps.remove();
      reached.put(next.partition(), next.next());
    }
    return new Portion(deliveries, skipped, reached);
  }

  private static long size(Step step) {
    return step.selected().map(it -> (long) it.getPayload().remaining()).orElse(0L);
  }
}

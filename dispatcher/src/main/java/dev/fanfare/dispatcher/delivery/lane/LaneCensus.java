package dev.fanfare.dispatcher.delivery.lane;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/// What the lanes of a worker are like at one moment: how many there are in each state, and the few
/// endpoints worth naming, which are those that get most and those that are unwell. However many
/// endpoints there are, no more than [#MOST] are named.
///
/// @param states every state, with the number of lanes in it
/// @param named by subscription; the busiest first
public record LaneCensus(Map<LaneState, Integer> states, List<Named> named) {
  /// Named because they get most attempts.
  static final int BUSIEST = 10;

  /// Named because their breaker is not closed, or because at least one attempt of ten fails.
  static final int UNWELL = 40;

  public static final int MOST = BUSIEST + UNWELL;
  public static final LaneCensus EMPTY = new Count().taken();

  private static final double UNWELL_SHARE = 0.1;

  /// Attempts a second, one in a quarter of an hour: fewer are none.
  private static final double FORGOTTEN = 0.001;

  /// One endpoint.
  ///
  /// @param waiting deliveries that wait in its lane
  public record Named(
      String subscription,
      LaneState state,
      double attemptsPerSecond,
      double failuresPerSecond,
      int waiting) {}

  /// Takes a census, lane by lane. Of a hundred thousand lanes hardly any is remembered.
  public static final class Count {
    private final Map<LaneState, Integer> states = new EnumMap<>(LaneState.class);
    private final Most busiest = new Most(BUSIEST);
    private final Most unwell = new Most(UNWELL);

    public void add(String subscription, Lane<?> lane, Pulse pulse) {
      var state = LaneState.of(lane);
      states.merge(state, 1, Integer::sum);
      double attempts = pulse.attemptsPerSecond();
      double failures = pulse.failuresPerSecond();
      double load = attempts + lane.waiting();
      boolean ill =
          state == LaneState.BREAKER_OPEN
              || state == LaneState.BREAKER_HALF_OPEN
              || (failures > FORGOTTEN && failures >= UNWELL_SHARE * attempts);
      boolean toName = (load > FORGOTTEN && busiest.takes(load)) || (ill && unwell.takes(failures));
      if (toName) {
        var named = new Named(subscription, state, attempts, failures, lane.waiting());
        if (load > FORGOTTEN) {
          busiest.offer(load, named);
        }
        if (ill) {
          unwell.offer(failures, named);
        }
      }
    }

    public LaneCensus taken() {
      var counted = new EnumMap<LaneState, Integer>(LaneState.class);
      for (var state : LaneState.values()) {
        counted.put(state, states.getOrDefault(state, 0));
      }
      var named = new LinkedHashMap<String, Named>();
      busiest.inOrder().forEach(each -> named.put(each.subscription(), each));
      unwell.inOrder().forEach(each -> named.put(each.subscription(), each));
      return new LaneCensus(Map.copyOf(counted), List.copyOf(named.values()));
    }
  }

  /// The few with the highest marks.
  private static final class Most {
    private record Marked(double mark, Named named) {}

    private final PriorityQueue<Marked> least =
        new PriorityQueue<>(Comparator.comparingDouble(Marked::mark));
    private final int most;

    Most(int most) {
      this.most = most;
    }

    boolean takes(double mark) {
      var last = least.peek();
      return least.size() < most || last == null || mark > last.mark;
    }

    void offer(double mark, Named named) {
      if (takes(mark)) {
        least.add(new Marked(mark, named));
        if (least.size() > most) {
          least.remove();
        }
      }
    }

    List<Named> inOrder() {
      return least.stream()
          .sorted(Comparator.comparingDouble(Marked::mark).reversed())
          .map(Marked::named)
          .toList();
    }
  }
}

package dev.fanfare.dispatcher.delivery.lane;

import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Predicate;

/// What waits in one lane, by class, first in first out within each.
///
/// Stride scheduling: each class has a pass that grows by its stride at every start; the class with
/// the smallest pass is next. A class that was empty joins at the pass of the last start, so it
/// neither waits for the others nor makes up for its absence.
final class WaitingLine<D> {
  private final Map<Priority, Turn<D>> turns = new EnumMap<>(Priority.class);
  private long lastPass;
  private int size;

  WaitingLine() {
    for (var priority : Priority.values()) {
      turns.put(priority, new Turn<>());
    }
  }

  void add(D delivery, Priority priority) {
    var turn = turn(priority);
    if (turn.waiting.isEmpty()) {
      turn.pass = Math.max(turn.pass, lastPass);
    }
    turn.waiting.addLast(delivery);
    size++;
  }

  /// Takes the next in turn; there must be one.
  D first() {
    Priority next = null;
    for (var priority : Priority.values()) {
      var turn = turn(priority);
      if (!turn.waiting.isEmpty() && (next == null || turn.pass < turn(next).pass)) {
        next = priority;
      }
    }
    if (next == null) {
      throw new IllegalStateException("nothing waits");
    }
    var turn = turn(next);
    lastPass = turn.pass;
    turn.pass += next.stride();
    size--;
    return turn.waiting.removeFirst();
  }

  /// Takes the one that would come last: of the lowest class, the youngest; there must be one.
  D last() {
    var classes = Priority.values();
    for (int i = classes.length - 1; i >= 0; i--) {
      var waiting = turn(classes[i]).waiting;
      if (!waiting.isEmpty()) {
        size--;
        return waiting.removeLast();
      }
    }
    throw new IllegalStateException("nothing waits");
  }

  /// Takes away all that the test holds for.
  void removeIf(Predicate<D> test) {
    size = 0;
    for (var turn : turns.values()) {
      turn.waiting.removeIf(test);
      size += turn.waiting.size();
    }
  }

  int size() {
    return size;
  }

  private Turn<D> turn(Priority priority) {
    var turn = turns.get(priority);
    if (turn == null) {
      throw new IllegalStateException("no turn for " + priority);
    }
    return turn;
  }

  private static final class Turn<D> {
    final ArrayDeque<D> waiting = new ArrayDeque<>();
    long pass;
  }
}

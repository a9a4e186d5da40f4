package dev.fanfare.dispatcher.delivery.worker;

import java.util.LinkedHashSet;
import java.util.Set;

/// The lanes that have something to start and no room for its call, in the order in which they are
/// served: those of endpoints that are well among themselves, and the others among themselves. A
/// lane waits once, whatever waits in it. Not thread-safe.
final class Turns {
  private final Set<String> well = new LinkedHashSet<>();
  private final Set<String> doubtful = new LinkedHashSet<>();

  /// Behind all that wait already; one that waits keeps its place, unless its endpoint has become
  /// well or ceased to be so.
  void queue(String id, boolean isWell) {
    of(!isWell).remove(id);
    of(isWell).add(id);
  }

  boolean isWaiting(boolean isWell) {
    return !of(isWell).isEmpty();
  }

  boolean isAnyWaiting() {
    return isWaiting(true) || isWaiting(false);
  }

  /// Takes the first of them away.
  String next(boolean isWell) {
    var waiting = of(isWell).iterator();
    var id = waiting.next();
    waiting.remove();
    return id;
  }

  private Set<String> of(boolean isWell) {
    return isWell ? well : doubtful;
  }
}

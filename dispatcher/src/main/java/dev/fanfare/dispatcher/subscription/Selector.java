package dev.fanfare.dispatcher.subscription;

import dev.fanfare.schemas.avro.EmailEvent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/// Which events a subscription asked for: one of its patterns takes the event's type, and every
/// condition holds. Immutable.
///
/// @param eventTypes patterns: exact (`email.bounced`), by prefix (`email.*`) or `*`; as given
/// @param conditions further conditions; all must hold
public record Selector(List<String> eventTypes, List<Condition> conditions) {
  public static final String ALL = "*";
  private static final String BELOW = ".*";

  public Selector {
    eventTypes = List.copyOf(eventTypes);
    conditions = List.copyOf(conditions);
  }

  /// By type alone.
  public Selector(List<String> eventTypes) {
    this(eventTypes, List.of());
  }

  public boolean matches(EmailEvent event) {
    return takesType(event.getType()) && conditionsHold(event);
  }

  /// For an event whose type is known to be taken.
  public boolean conditionsHold(EmailEvent event) {
    for (var condition : conditions) {
      if (!condition.holds(event)) {
        return false;
      }
    }
    return true;
  }

  private boolean takesType(String type) {
    for (var pattern : eventTypes) {
      if (covers(pattern, type)) {
        return true;
      }
    }
    return false;
  }

  /// The patterns without those that another one covers. Of the rest at most one takes any type,
  /// since of two patterns that take the same type one covers the other.
  public List<String> distinctPatterns() {
    var left = new ArrayList<String>();
    for (var pattern : new HashSet<>(eventTypes)) {
      boolean covered =
          eventTypes.stream().anyMatch(other -> !other.equals(pattern) && covers(other, pattern));
      if (!covered) {
        left.add(pattern);
      }
    }
    return left;
  }

  /// Whether a pattern takes a type, or all that another pattern takes.
  private static boolean covers(String pattern, String typeOrPattern) {
    if (pattern.endsWith(BELOW)) {
      int dot = pattern.length() - 1;
      return typeOrPattern.length() > dot && typeOrPattern.regionMatches(0, pattern, 0, dot);
    }
    return pattern.equals(ALL) || pattern.equals(typeOrPattern);
  }
}

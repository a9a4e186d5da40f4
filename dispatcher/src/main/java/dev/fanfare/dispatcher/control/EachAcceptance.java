package dev.fanfare.dispatcher.control;

import dev.fanfare.schemas.id.EventId;
import java.util.List;

/// What became of events that were handed in each for itself: a bad one keeps no other back.
public sealed interface EachAcceptance {
  /// Kafka has all that are accepted; one for one in the order given.
  record Handled(List<Item> items) implements EachAcceptance {
    public Handled {
      items = List.copyOf(items);
    }
  }

  /// Kafka has not acknowledged them all. Some may have been written: to hand in all of them again
  /// with the same ids makes no second delivery.
  record Unavailable(String why) implements EachAcceptance {}

  /// What became of one.
  sealed interface Item {
    record Accepted(EventId id) implements Item {}

    /// For these reasons; at least one. Pointers start at the event.
    record Refused(List<RequestProblem> problems) implements Item {
      public Refused {
        problems = List.copyOf(problems);
      }
    }
  }
}

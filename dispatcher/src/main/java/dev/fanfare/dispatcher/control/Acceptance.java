package dev.fanfare.dispatcher.control;

import dev.fanfare.schemas.id.EventId;
import java.util.List;

/// What became of events that were handed in.
public sealed interface Acceptance {
  /// Kafka has them all; ids in the order given.
  record Accepted(List<EventId> ids) implements Acceptance {
    public Accepted {
      ids = List.copyOf(ids);
    }
  }

  /// None was written, for these reasons; at least one.
  record Refused(List<RequestProblem> problems) implements Acceptance {
    public Refused {
      problems = List.copyOf(problems);
    }
  }

  /// Kafka has not acknowledged them all. Some may have been written: to hand in all of them again
  /// with the same ids makes no second delivery.
  record Unavailable(String why) implements Acceptance {}
}

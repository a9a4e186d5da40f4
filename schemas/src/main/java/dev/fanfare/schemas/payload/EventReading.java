package dev.fanfare.schemas.payload;

import dev.fanfare.schemas.avro.EmailEvent;
import java.util.List;

/// What became of a JSON text that should be an event.
public sealed interface EventReading {
  /// It is one, and it can be delivered.
  record Read(EmailEvent event) implements EventReading {}

  /// It is none, for these reasons; at least one, at most [EventReader#MOST_PROBLEMS].
  record Refused(List<EventProblem> problems) implements EventReading {
    public Refused {
      problems = List.copyOf(problems);
    }
  }
}

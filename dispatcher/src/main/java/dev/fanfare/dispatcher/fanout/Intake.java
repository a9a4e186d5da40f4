package dev.fanfare.dispatcher.fanout;

import dev.fanfare.schemas.avro.EmailEvent;
import dev.fanfare.schemas.catalogue.EventType;

/// Whether an event that could be read can be fanned out.
sealed interface Intake {
  record Accepted(EmailEvent event, EventType type) implements Intake {}

  record Rejected(Rejection rejection) implements Intake {}
}

package dev.fanfare.schemas.payload;

import dev.fanfare.schemas.avro.EmailEvent;
import dev.fanfare.schemas.catalogue.EventCatalogue;
import dev.fanfare.schemas.id.EventId;
import dev.fanfare.schemas.id.TenantId;
import dev.fanfare.schemas.json.Timestamps;
import java.util.Arrays;
import java.util.List;

/// Whether an event can be delivered at all: the one place that says so, for events from a topic
/// and for events from the API. Immutable.
public final class EventCheck {
  private static final List<EventFault> ALL = Arrays.asList(EventFault.values());

  private final EventCatalogue catalogue;

  public EventCheck(EventCatalogue catalogue) {
    this.catalogue = catalogue;
  }

  /// Everything that is wrong; empty for a good event. A field that is missing altogether, which
  /// only an event that did not come through a serializer can lack, counts as wrong.
  public List<EventFault> faults(EmailEvent event) {
    return isGood(event) ? List.of() : ALL.stream().filter(fault -> has(fault, event)).toList();
  }

  private boolean isGood(EmailEvent event) {
    for (var fault : ALL) {
      if (has(fault, event)) {
        return false;
      }
    }
    return true;
  }

  private boolean has(EventFault fault, EmailEvent event) {
    return switch (fault) {
      case INVALID_EVENT_ID -> event.getEventId() == null || !EventId.isValid(event.getEventId());
      case INVALID_TENANT -> event.getTenant() == null || !TenantId.isValid(event.getTenant());
      case UNKNOWN_TYPE -> event.getType() == null || catalogue.find(event.getType()).isEmpty();
      case TIME_OUT_OF_RANGE ->
          event.getOccurredAt() == null || !Timestamps.isWritable(event.getOccurredAt());
      case BLANK_MESSAGE_ID -> event.getMessageId() == null || event.getMessageId().isBlank();
      case BLANK_RECIPIENT -> event.getRecipient() == null || event.getRecipient().isBlank();
    };
  }
}

package dev.fanfare.schemas.payload;

import dev.fanfare.schemas.id.EventId;
import dev.fanfare.schemas.id.TenantId;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/// What an event is given that its sender left out, and whose events the sender may send.
///
/// @param tenant the only tenant that the sender may name, filled in where the event names none;
///   empty for a sender who may name any, and then has to
/// @param eventId makes a new id, asked once for each event without
/// @param occurredAt the present, asked once for each event without a time
public record EventDefaults(
    Optional<TenantId> tenant, Supplier<EventId> eventId, Supplier<Instant> occurredAt) {}

package dev.fanfare.dispatcher.subscription;

import dev.fanfare.retry.ladder.RetrySchedule;
import dev.fanfare.schemas.id.SubscriptionId;
import dev.fanfare.schemas.id.TenantId;
import java.util.Optional;

/// Who wants what, where it goes, how fast: a subscription as the process works with it, parsed and
/// checked once when the feed reads it.
///
/// @param format `standard`, `cloudevents-binary` or `cloudevents-structured`
/// @param schemaVersion the version pinned; empty for the newest
/// @param schedule waits between attempts; empty for the configured default
public record Subscription(
    SubscriptionId id,
    TenantId tenant,
    Status status,
    Selector selector,
    Endpoint endpoint,
    Limits limits,
    String format,
    Optional<String> schemaVersion,
    Optional<RetrySchedule> schedule) {}

package dev.fanfare.dispatcher.subscription.feed;

import dev.fanfare.dispatcher.subscription.Subscription;
import java.util.Optional;

/// One change of the table.
///
/// @param before what was there; empty when it is new
/// @param after what is there now; empty when it was deleted
public record SubscriptionChange(Optional<Subscription> before, Optional<Subscription> after) {}
